# For an account whose IAM groups are synced: a role that may read the members of these groups, and nothing else.

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.sync_role_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["iam:GetGroup"]
    resources = var.group_arns
  }
}

resource "aws_iam_role" "reader" {
  name               = "CountersignGroupReader${var.name_suffix}"
  description        = "Lets Countersign's group sync read the members of IAM groups of this account."
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "read" {
  name   = "read-groups"
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.read.json
}
