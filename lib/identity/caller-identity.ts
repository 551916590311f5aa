/** Who AWS says that a caller is, in one consistent shape. */
import type { PartitionId } from './partitions.ts';

/** The kinds of principal that `sts:GetCallerIdentity` can report. */
export type CallerPrincipal =
  | { readonly kind: 'role'; readonly roleName: string; readonly sessionName: string }
  | { readonly kind: 'user'; readonly userName: string; readonly path: string }
  | { readonly kind: 'federated-user'; readonly name: string }
  | { readonly kind: 'root' };

/**
 * A caller as STS reports it. `explain` may build one from an ARN; a review only ever takes a
 * {@link VerifiedIdentity}.
 */
export interface CallerIdentity {
  /** As STS spells it: `arn:aws:sts::111122223333:assumed-role/Admin/alice`. */
  readonly arn: string;
  /** Without the session: `arn:aws:iam::111122223333:role/Admin`. Case as STS spells it; no role path. */
  readonly canonicalArn: string;
  readonly partition: PartitionId;
  /** Twelve digits. */
  readonly accountId: string;
  readonly principal: CallerPrincipal;
  /** The unique id without the session: `AROA…`, `AIDA…`, or the account id for root. */
  readonly principalId: string;
  /** `""` where there is none: users, root. Chosen by the caller of AssumeRole: never trust it as a name. */
  readonly sessionName: string;
  /** From the token's credential: `AKIA…` or `ASIA…`. */
  readonly accessKeyId: string;
}

declare const verified: unique symbol;

/** A caller whose signature STS has verified. Only `verifyToken` makes one. */
export interface VerifiedIdentity extends CallerIdentity {
  readonly [verified]: true;
}
