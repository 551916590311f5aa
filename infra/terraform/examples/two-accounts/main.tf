# The users are in one account and Countersign runs in another: the group sync reads their IAM groups through a reader
# role, and members log in as themselves. The roles may also be assumed from a partner's account.
#
#   terraform apply -var sync_role_arn=<output GroupSyncRoleArn of Countersign's stack>
#   terraform output -raw desired_state > access.yaml

provider "aws" {
  region = "eu-central-1"
}

variable "sync_role_arn" {
  description = "Countersign's group sync, in its own account."
  type        = string
}

module "access" {
  source = "../../modules/access"

  levels = {
    Developer = {
      scope             = "set/dev"
      kubernetes_groups = ["developers"]
      bind_iam_group    = true
    }
    Partner = {
      scope             = "cluster/shared-1"
      kubernetes_groups = ["partners"]
      trusted_accounts  = ["444455556666"]
      iam_group         = false
    }
  }
}

module "group_reader" {
  source = "../../modules/group-reader"

  sync_role_arn = var.sync_role_arn
  external_id   = "countersign-people"
  group_arns    = values(module.access.group_arns)
}

output "desired_state" {
  value = yamlencode({
    managed  = { scopes = distinct([for mapping in module.access.mappings : mapping.scope]) }
    mappings = module.access.mappings
    bindings = [for binding in module.access.bindings : merge(binding, module.group_reader.binding)]
  })
}
