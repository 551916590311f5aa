/** No two people under one username, at no moment: neither when a run is done nor between two of its writes. */
import type { Scope } from '../../records/scope.ts';

/** A username at one place of the table. */
export interface NameAt {
  /** Of the target: scope and principal. */
  readonly place: string;
  readonly scope: Scope;
  readonly principalKey: string;
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

/** One ARN under two ids is a user who was made again: the former one is gone, and its pin matches nobody. */
const isSamePerson = (a: NameAt, b: NameAt): boolean =>
  a.principalId === b.principalId || a.principalKey === b.principalKey;

/**
 * The usernames of a run: those that the table holds until a write gives them up, and those that were given. The
 * first to claim a name keeps it.
 */
export class UsernameClaims {
  readonly #held = new Map<string, NameAt[]>();
  readonly #givenUp = new Set<string>();
  readonly #claimed = new Map<string, NameAt[]>();

  constructor(held: readonly NameAt[]) {
    for (const name of held) add(this.#held, name);
  }

  /** True, and remembered, unless another person has the name where the two could meet. */
  claim(wanted: NameAt): boolean {
    const held = (this.#held.get(wanted.username) ?? []).filter(({ place }) => !this.#givenUp.has(place));
    const keepsIt = held.some(
      ({ place, principalId }) => place === wanted.place && principalId === wanted.principalId,
    );
    const isTakenIn = (names: readonly NameAt[]): boolean =>
      names.some((name) => !isSamePerson(name, wanted) && mayOverlap(name.scope, wanted.scope));
    if (isTakenIn(this.#claimed.get(wanted.username) ?? []) || (!keepsIt && isTakenIn(held))) return false;
    add(this.#claimed, wanted);
    return true;
  }

  /** The write that gives up what the table holds there has been made. */
  giveUp(place: string): void {
    this.#givenUp.add(place);
  }
}

function add(names: Map<string, NameAt[]>, name: NameAt): void {
  const same = names.get(name.username);
  if (same === undefined) names.set(name.username, [name]);
  else same.push(name);
}
