variable "sync_role_arn" {
  description = "The role of Countersign's group sync: the stack's output GroupSyncRoleArn."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", var.sync_role_arn))
    error_message = "sync_role_arn must be the ARN of a role."
  }
}

variable "external_id" {
  description = "The externalId of this account's bindings: protects against confused deputies, not a secret."
  type        = string

  validation {
    # The length separately: a pattern may repeat 1000 times at most, and can() would hide the error.
    condition     = length(var.external_id) >= 2 && length(var.external_id) <= 1224 && can(regex("^[A-Za-z0-9+=,.@:/_-]+$", var.external_id))
    error_message = "external_id has 2 to 1224 letters, digits and + = , . @ : / _ -."
  }
}

variable "group_arns" {
  description = "The IAM groups of this account that may be read, by ARN; a wildcard is allowed in the name only, after literal text or a path."
  type        = list(string)

  validation {
    condition     = length(var.group_arns) > 0 && alltrue([for arn in var.group_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:group/(?:[!-)+->@-~]+/[A-Za-z0-9+=,.@_*?-]+|[A-Za-z0-9+=,.@_-][A-Za-z0-9+=,.@_*?-]*)$", arn))])
    error_message = "group_arns needs at least one ARN of an IAM group. A wildcard is allowed in the name only, after literal text or a path: group/* would cover every group."
  }
}

variable "name_suffix" {
  description = "Suffix of the role's name after CountersignGroupReader; the group sync assumes only roles with that prefix."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{0,41}$", var.name_suffix))
    error_message = "name_suffix may have 41 letters, digits and + = , . @ _ - at most."
  }
}

variable "tags" {
  description = "Tags of the role."
  type        = map(string)
  default     = {}
}
