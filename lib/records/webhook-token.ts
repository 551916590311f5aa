/** A webhook token of a cluster. Its text is shown once and never stored. */

export interface WebhookToken {
  readonly id: string;
  /** `sha256:<64 hex digits>` */
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
}
