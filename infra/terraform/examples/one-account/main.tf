# Three levels in one account. Platform engineers are admins of every production cluster, with MFA.
#
#   terraform apply
#   terraform output -raw desired_state > access.yaml
#   countersign plan -f access.yaml && countersign apply -f access.yaml

provider "aws" {
  region = "eu-central-1"
}

module "access" {
  source = "../../modules/access"

  require_mfa              = true
  session_name_is_username = true

  levels = {
    Admin = {
      scope             = "set/prod"
      kubernetes_groups = ["platform-admins"]
    }
    Developer = {
      scope             = "cluster/staging-1"
      kubernetes_groups = ["developers"]
    }
    Viewer = {
      scope             = "set/prod"
      kubernetes_groups = ["viewers"]
    }
  }

  users = {
    alice = ["Admin"]
    bob   = ["Developer", "Viewer"]
  }
}

output "role_arns" {
  value = module.access.role_arns
}

output "desired_state" {
  value = module.access.desired_state
}
