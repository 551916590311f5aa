/** What the store adds to every record. */

export interface Stored {
  /** 1 for the first write; goes up by one with every change, deletes and re-creations included. */
  readonly version: number;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  /** The IAM ARN of an admin, `group-sync/<run>`, or `dev`. */
  readonly updatedBy: string;
}

export interface StaleKey {
  /**
   * The item is under a key that today's rules would not derive for its record: no review reads it. Writing the record again moves it
   * (docs/upgrade.md).
   */
  readonly staleKey?: true | undefined;
}

/** The fields of a record without its bookkeeping. */
export function withoutBookkeeping<T extends Stored>(stored: T): Omit<T, keyof Stored> {
  const { version: _v, createdAt: _ca, createdBy: _cb, updatedAt: _ua, updatedBy: _ub, ...rest } = stored;
  return rest;
}
