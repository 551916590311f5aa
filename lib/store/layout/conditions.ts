/** Every condition under which an item is written. Each is about that one item only: there are no transactions. */

export interface Condition {
  readonly expression: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** There is an item. For one that carries no readable change id, nothing narrower can be asked. */
export const present: Condition = { expression: 'attribute_exists(pk)', values: {} };

/** There is no item, not even a tombstone. */
export const absent: Condition = { expression: 'attribute_not_exists(pk)', values: {} };

/**
 * The item, live or a tombstone, still carries the change id that was read. Change ids are unique, so this holds only
 * if there was no write in between. Versions would be equivalent, until a tombstone is purged.
 */
export const unchanged = (changeId: string): Condition => ({
  expression: 'changeId = :changeId',
  values: { ':changeId': changeId },
});

/** As `unchanged`, and no later holder of the lease has written the item: a run that outlived its lease is refused. */
export const unchangedUnderFence = (changeId: string, fence: number): Condition => ({
  expression: 'changeId = :changeId AND (attribute_not_exists(fence) OR fence <= :fence)',
  values: { ':changeId': changeId, ':fence': fence },
});

/** The item is still as it was read. @param changeId absent: there was no item */
export function asRead(changeId: string | undefined, fence?: number): Condition {
  if (changeId === undefined) return absent;
  return fence === undefined ? unchanged(changeId) : unchangedUnderFence(changeId, fence);
}

/** The lease's item is unchanged since it was read: its holder has announced nothing since. */
export const sameLeaseItem = (nonce: string): Condition => ({
  expression: 'nonce = :nonce',
  values: { ':nonce': nonce },
});

/** The lease still belongs to this holder: it was neither acquired by another nor released. */
export const heldLease = (fence: number, expiresAt: number): Condition => ({
  expression: 'fence = :fence AND expiresAt = :expiresAt',
  values: { ':fence': fence, ':expiresAt': expiresAt },
});

/** The scope was not noted under a later lease. */
export const notedBefore = (fence: number): Condition => ({
  expression: 'attribute_not_exists(pk) OR fence <= :fence',
  values: { ':fence': fence },
});

/** The scope was not noted again since it was read. */
export const notedUnder = (fence: number): Condition => ({
  expression: 'fence = :fence',
  values: { ':fence': fence },
});
