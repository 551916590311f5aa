/**
 * One line of the change log. It is written before the change itself, so a record on its own proves nothing: a
 * change is *applied* if the item carries its id, or if an applied record names it as `previous`.
 */
import { kinds } from '../records/kinds.ts';
import type { RecordKind, RecordOf, RefOf } from '../records/kinds.ts';

/** `mapping/<mappingId>`, `cluster/<id>`, …: the name of a record in the log. */
export const targetOf = <K extends RecordKind>(kind: K, ref: RefOf<K>): string =>
  `${kind}/${kinds[kind].refText(ref)}`;

export const webhookTokenTarget = (clusterId: string, tokenId: string): string =>
  `webhook-token/${clusterId}/${tokenId}`;

/** What all changes have in common. */
export interface ChangeBase {
  /** A ULID: its first ten characters are the time. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The IAM ARN of an admin, `group-sync/<run>`, or `dev`. */
  readonly actor: string;
  /** `cluster/<id>`, `set/<name>`, `mapping/<id>`, `denial/<id>`, `binding/<id>`, `webhook-token/<cluster>/<id>`. */
  readonly target: string;
  readonly action: 'create' | 'update' | 'delete';
  /** The target's version once the change is applied. The order of changes is by version, not by clock. */
  readonly version: number;
  /** The id of the target's change before this one; absent for the first. */
  readonly previous?: string | undefined;
  /** The id of the change that this one reverts. */
  readonly rollbackOf?: string | undefined;
  /** What the fields do not show: one sentence. */
  readonly note?: string | undefined;
}

export type RecordChange<K extends RecordKind = RecordKind> = {
  [P in K]: ChangeBase & {
    readonly kind: P;
    readonly ref: RefOf<P>;
    /** Absent for a create. */
    readonly before?: RecordOf<P> | undefined;
    /** Absent for a delete. */
    readonly after?: RecordOf<P> | undefined;
  };
}[K];

/** A webhook token was created or deleted. The log never holds its hash, so a rollback cannot revive it. */
export type WebhookTokenChange = ChangeBase & {
  readonly kind: 'webhook-token';
  readonly ref: { readonly clusterId: string; readonly tokenId: string };
};

export type ChangeRecord = RecordChange | WebhookTokenChange;

/** A change of any kind, for code that only stores it. */
export type AnyChange = ChangeBase & {
  readonly kind: ChangeRecord['kind'];
  readonly ref: object;
  readonly before?: unknown;
  readonly after?: unknown;
};

/**
 * `not_applied`: its writer lost to another, or ended before its write (which may still be in flight, for a change of
 * the last seconds). `unknown`: the target was deleted over 30 days ago and its tombstone was purged.
 */
export type ChangeOutcome = 'applied' | 'not_applied' | 'unknown';
