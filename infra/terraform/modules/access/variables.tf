variable "name_prefix" {
  description = "Prefix of the name of every role and IAM group: level Admin becomes KubernetesAdmin."
  type        = string
  default     = "Kubernetes"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{0,32}$", var.name_prefix))
    error_message = "name_prefix may have 32 letters, digits and + = , . @ _ - at most."
  }
}

variable "path" {
  description = "IAM path of the roles, groups and users. Countersign strips a role's path, since STS does not report it."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([!-~]{1,510}/)?$", var.path))
    error_message = "path must begin and end with a slash."
  }
}

variable "levels" {
  description = <<-TEXT
    Access levels by name. Each becomes a role without permissions.
      scope              scope of the level's mappings: cluster/<id>, set/<name> or all
      kubernetes_groups  groups of the level's users in the cluster; RBAC grants these groups their permissions
      username           template of the username; callers choose their session name, so : or / stands right before it, and neither aws: nor sso: begins it
      trusted_accounts   ids of other accounts whose own policies may let their principals assume the role
      iam_group          create an IAM group of the same name, whose members may assume the role
      bind_iam_group     also bind that IAM group: its users log in as themselves, through the group sync
      bound_username     template of the username of a bound group's users; default: Countersign's own
  TEXT
  type = map(object({
    scope             = string
    kubernetes_groups = list(string)
    username          = optional(string, "session:{{AccountID}}:{{RoleName}}:{{SessionName}}")
    trusted_accounts  = optional(list(string), [])
    iam_group         = optional(bool, true)
    bind_iam_group    = optional(bool, false)
    bound_username    = optional(string)
  }))

  validation {
    condition     = length(var.levels) > 0 && alltrue([for name in keys(var.levels) : can(regex("^[A-Za-z][A-Za-z0-9-]{0,30}$", name))])
    error_message = "levels needs one level at least; a name has 31 letters, digits and hyphens at most and begins with a letter."
  }
  validation {
    condition     = alltrue([for level in values(var.levels) : can(regex("^(all|set/[a-z0-9][a-z0-9-]{0,49}|cluster/[A-Za-z0-9][A-Za-z0-9._-]{0,99})$", level.scope))])
    error_message = "scope must be cluster/<id>, set/<name> or all."
  }
  validation {
    condition = alltrue(flatten([for level in values(var.levels) : concat(
      [length(level.kubernetes_groups) > 0 && length(level.kubernetes_groups) <= 64],
      [for group in level.kubernetes_groups : !can(regex("^system:(authenticated|unauthenticated|serviceaccounts.*)$", group))],
    )]))
    error_message = "kubernetes_groups needs 1 to 64 groups, and none of system:authenticated, system:unauthenticated and system:serviceaccounts."
  }
  validation {
    condition     = alltrue(flatten([for level in values(var.levels) : [for account in level.trusted_accounts : can(regex("^[0-9]{12}$", account))]]))
    error_message = "trusted_accounts holds account ids of 12 digits."
  }
  validation {
    condition     = alltrue([for level in values(var.levels) : level.iam_group || !level.bind_iam_group])
    error_message = "bind_iam_group needs iam_group."
  }
}

variable "require_mfa" {
  description = "Require MFA to assume the roles. The group sync cannot require MFA: if this is set, bind no group."
  type        = bool
  default     = false
}

variable "session_name_is_username" {
  description = "An IAM user must use its own name as session name, so that {{SessionName}} identifies the user. Not for federated callers."
  type        = bool
  default     = false
}

variable "max_session_duration" {
  description = "Maximum session duration of the roles in seconds, 3600 to 43200."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_session_duration >= 3600 && var.max_session_duration <= 43200
    error_message = "max_session_duration must be 3600 to 43200 seconds."
  }
}

variable "create_users" {
  description = "Create the IAM users named in users. Otherwise they must already exist."
  type        = bool
  default     = false
}

variable "users" {
  description = "Levels of each IAM user by its name: the user is put into the IAM groups of these levels."
  type        = map(list(string))
  default     = {}
}

variable "pin_mappings" {
  description = "Pin mappings to the roles' unique ids: if a role is deleted and recreated, apply the new desired state."
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of every role and user."
  type        = map(string)
  default     = {}
}
