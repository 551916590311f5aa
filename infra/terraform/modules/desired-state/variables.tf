variable "levels" {
  description = "Access levels by name: what the mapping of each level's role, and the binding of its IAM group, say."
  type = map(object({
    scope              = string
    kubernetes_groups  = list(string)
    username           = string
    role_arn           = string
    role_unique_id     = string
    iam_group_arn      = optional(string)
    bound_username     = optional(string)
    allow_system_group = optional(bool, false)
  }))
}

variable "pin" {
  description = "Pin each mapping to the role's unique id: a role that is deleted and made again gets no access by its name alone."
  type        = bool
}
