# The IAM side of access to clusters: roles without permissions in AWS, which only identify their users.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  own_account = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  grouped     = { for name, level in var.levels : name => level if level.iam_group }
}

# A trusted account decides by its own policies who may assume the role: here, by the policies of the groups below.
data "aws_iam_policy_document" "trust" {
  for_each = var.levels

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [for id in distinct(concat([local.own_account], each.value.trusted_accounts)) : "arn:${local.partition}:iam::${id}:root"]
    }

    dynamic "condition" {
      for_each = var.require_mfa ? [true] : []
      content {
        test     = "Bool"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["true"]
      }
    }

    dynamic "condition" {
      for_each = var.session_name_is_username ? [true] : []
      content {
        test     = "StringEquals"
        variable = "sts:RoleSessionName"
        values   = ["$${aws:username}"]
      }
    }
  }
}

resource "aws_iam_role" "level" {
  for_each = var.levels

  name                 = "${var.name_prefix}${each.key}"
  path                 = var.path
  description          = "Kubernetes access level ${each.key}. It has no permissions: it only identifies a user to Countersign."
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = var.max_session_duration
  tags                 = var.tags
}

resource "aws_iam_group" "level" {
  for_each = local.grouped

  name = "${var.name_prefix}${each.key}"
  path = var.path
}

data "aws_iam_policy_document" "assume" {
  for_each = local.grouped

  statement {
    actions   = ["sts:AssumeRole"]
    resources = [aws_iam_role.level[each.key].arn]
  }
}

resource "aws_iam_group_policy" "assume" {
  for_each = local.grouped

  name   = "assume-${each.key}"
  group  = aws_iam_group.level[each.key].name
  policy = data.aws_iam_policy_document.assume[each.key].json
}

resource "aws_iam_user" "person" {
  for_each = var.create_users ? var.users : {}

  name = each.key
  path = var.path
  tags = var.tags
}

resource "aws_iam_user_group_membership" "person" {
  for_each = var.users

  user   = var.create_users ? aws_iam_user.person[each.key].name : each.key
  groups = [for level in each.value : aws_iam_group.level[level].name]
}

module "desired_state" {
  source = "../desired-state"
  pin    = var.pin_mappings
  levels = { for name, level in var.levels : name => {
    scope             = level.scope
    kubernetes_groups = level.kubernetes_groups
    username          = level.username
    role_arn          = aws_iam_role.level[name].arn
    role_unique_id    = aws_iam_role.level[name].unique_id
    iam_group_arn     = level.bind_iam_group ? aws_iam_group.level[name].arn : null
    bound_username    = level.bound_username
    # A level with system: groups is configured here on purpose, so its binding may grant them.
    allow_system_group = anytrue([for group in level.kubernetes_groups : startswith(group, "system:")])
  } }
}
