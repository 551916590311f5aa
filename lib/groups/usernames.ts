/** No two people under one username: two users of the same name in two accounts, for instance. */
import type { Scope } from '../mapping/types.ts';

/** One principal that is about to hold a username in a scope. */
export interface Claim {
  readonly scope: Scope;
  /** `AIDA…`: a user who was moved to another path is the same person under another ARN. */
  readonly principalId: string;
  /** Rendered. */
  readonly username: string;
}

/**
 * Whether two scopes may share a cluster. Two sets, or a set and a cluster, may: what a set holds can change
 * without the sync being asked.
 */
export function mayOverlap(a: Scope, b: Scope): boolean {
  return a === b || !(a.startsWith('cluster/') && b.startsWith('cluster/'));
}

/** The usernames given so far in a run; the first to claim one keeps it. */
export class UsernameClaims {
  readonly #claims = new Map<string, Claim[]>();

  /** True, and remembered, unless another person holds the name where the two could meet. */
  claim(wanted: Claim): boolean {
    const held = this.#claims.get(wanted.username) ?? [];
    const taken = held.some(
      (claim) => claim.principalId !== wanted.principalId && mayOverlap(claim.scope, wanted.scope),
    );
    if (taken) return false;
    held.push(wanted);
    this.#claims.set(wanted.username, held);
    return true;
  }
}
