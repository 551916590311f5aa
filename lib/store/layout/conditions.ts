/** Every condition under which an item is written. Each is on that one item alone: there are no transactions. */

export interface Condition {
  readonly expression: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** There is an item. For one that carries no readable change id, nothing narrower can be asked. */
export const present: Condition = { expression: 'attribute_exists(pk)', values: {} };

/** There is no item, not even a tombstone. */
export const absent: Condition = { expression: 'attribute_not_exists(pk)', values: {} };

/**
 * The item, live or a tombstone, still carries the change that was read. Change ids are never used twice, so this
 * holds only if nobody has written it in between: versions say the same, until a tombstone is purged.
 */
export const unchanged = (changeId: string): Condition => ({
  expression: 'changeId = :changeId',
  values: { ':changeId': changeId },
});

/** The same, and no later holder of the lease has written it: a run that slept through its lease is refused. */
export const unchangedUnderFence = (changeId: string, fence: number): Condition => ({
  expression: 'changeId = :changeId AND (attribute_not_exists(fence) OR fence <= :fence)',
  values: { ':changeId': changeId, ':fence': fence },
});

/** The item is still as it was read. @param changeId absent: there was no item */
export function asRead(changeId: string | undefined, fence?: number): Condition {
  if (changeId === undefined) return absent;
  return fence === undefined ? unchanged(changeId) : unchangedUnderFence(changeId, fence);
}

/** The item of the lease is as it was read, to the last write: its holder has announced nothing since. */
export const sameLeaseItem = (nonce: string): Condition => ({
  expression: 'nonce = :nonce',
  values: { ':nonce': nonce },
});

/** The lease is still this holder's: nobody has taken it, and it was not given back. */
export const heldLease = (fence: number, expiresAt: number): Condition => ({
  expression: 'fence = :fence AND expiresAt = :expiresAt',
  values: { ':fence': fence, ':expiresAt': expiresAt },
});

/** Nobody has noted the scope under a later lease. */
export const notedBefore = (fence: number): Condition => ({
  expression: 'attribute_not_exists(pk) OR fence <= :fence',
  values: { ':fence': fence },
});

/** Nobody has noted the scope since it was read. */
export const notedUnder = (fence: number): Condition => ({
  expression: 'fence = :fence',
  values: { ':fence': fence },
});
