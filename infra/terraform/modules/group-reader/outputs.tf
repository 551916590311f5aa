output "role_arn" {
  description = "The readerRoleArn of this account's bindings."
  value       = aws_iam_role.reader.arn
}

output "binding" {
  description = "The fields of a binding that refer to this role: merge them with id, iamGroup, scope and groups."
  value = {
    readerRoleArn = aws_iam_role.reader.arn
    externalId    = var.external_id
  }
}
