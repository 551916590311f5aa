variable "levels" {
  description = "Access levels by name: the contents of the mapping of each level's role and of the binding of its IAM group."
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
  description = "Pin each mapping to the role's unique id: a role that is deleted and recreated gets no access by its name alone."
  type        = bool
}
