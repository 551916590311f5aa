# Countersign's desired state, as `countersign plan -f` and `apply -f` read it. Only the levels' own scopes are managed: mappings
# and bindings of other scopes, clusters, sets and denials are left alone.
locals {
  names = sort(keys(var.levels))

  mappings = [for name in local.names : merge(
    {
      scope     = var.levels[name].scope
      principal = { arn = var.levels[name].role_arn }
      username  = var.levels[name].username
      groups    = var.levels[name].kubernetes_groups
    },
    var.pin ? { principalId = var.levels[name].role_unique_id } : {},
  )]

  bindings = [for name in local.names : merge(
    {
      id       = lower(name)
      iamGroup = var.levels[name].iam_group_arn
      scope    = var.levels[name].scope
      groups   = var.levels[name].kubernetes_groups
    },
    var.levels[name].bound_username == null ? {} : { username = var.levels[name].bound_username },
    var.levels[name].allow_system_group ? { allowSystemGroups = true } : {},
  ) if var.levels[name].iam_group_arn != null]
}

output "mappings" {
  description = "The mappings of the levels' roles, to be merged into your own desired state."
  value       = local.mappings
}

output "bindings" {
  description = "The bindings of the levels' IAM groups, for the group sync."
  value       = local.bindings
}

output "yaml" {
  description = "A complete desired state: write it to a file, then countersign plan -f FILE and countersign apply -f FILE."
  value = yamlencode(merge(
    { managed = { scopes = distinct([for name in local.names : var.levels[name].scope]) } },
    { mappings = local.mappings },
    length(local.bindings) == 0 ? {} : { bindings = local.bindings },
  ))
}
