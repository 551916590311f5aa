output "role_arn" {
  description = "What a binding of this account names as readerRoleArn."
  value       = aws_iam_role.reader.arn
}

output "binding" {
  description = "The part of a binding that belongs to this role: merge it with id, iamGroup, scope and groups."
  value = {
    readerRoleArn = aws_iam_role.reader.arn
    externalId    = var.external_id
  }
}
