output "role_arns" {
  description = "ARN of each level's role, for countersign token -r and kubeconfig -r."
  value       = { for name, role in aws_iam_role.level : name => role.arn }
}

output "group_arns" {
  description = "ARN of each level's IAM group."
  value       = { for name, group in aws_iam_group.level : name => group.arn }
}

output "mappings" {
  description = "The roles' mappings, to be merged into your own desired state."
  value       = module.desired_state.mappings
}

output "bindings" {
  description = "The bound IAM groups' bindings, to be merged into your own desired state."
  value       = module.desired_state.bindings
}

output "desired_state" {
  description = "A complete desired state as YAML: terraform output -raw desired_state > access.yaml, then countersign plan -f access.yaml."
  value       = module.desired_state.yaml
}
