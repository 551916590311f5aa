/** What the plan works with: the members of an IAM group, and the grants that they hold or get. */
import { ownField } from '../../json/record.ts';
import type { Contribution, MappingRef } from '../../records/mapping.ts';
import type { PrincipalKey } from '../../records/principal.ts';

/** A member of an IAM group, as `iam:GetGroup` reports it. */
export interface Member {
  /** With the user's path, for display: `arn:aws:iam::111122223333:user/eng/alice`. */
  readonly arn: string;
  readonly userName: string;
  /** The unique id, `AIDA…`. */
  readonly userId: string;
}

/**
 * The members of a binding's IAM group. `unreadable`: IAM could not tell. `refused`: the binding itself cannot be
 * carried out, for instance because its scope was deleted. Both leave the binding's grants unchanged.
 */
export type Reading =
  | { readonly outcome: 'read'; readonly members: readonly Member[] }
  | { readonly outcome: 'unreadable'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string };

/** A mapping that group sync owns: the fields that the plan decides. */
export interface Grant extends MappingRef {
  readonly arn: string;
  /** The pin: the user's unique id. `undefined` only if the stored mapping has no pin. */
  readonly principalId: string | undefined;
  /** A template. */
  readonly username: string;
  readonly groups: readonly string[];
  /** What each binding contributes, by binding id. */
  readonly contributions: Readonly<Record<string, Contribution>>;
}

/** A grant as the table holds it, with the key that its ARN has today. */
export interface HeldGrant extends Grant {
  readonly version: number;
  /** The key under which the table holds it, if that is a former one: no review reads it there, and the plan moves it. */
  readonly staleKey?: PrincipalKey | undefined;
}

/** One key for each user and scope: at most one grant is stored under it. */
export const grantKey = ({ scope, principalKey }: Pick<MappingRef, 'scope' | 'principalKey'>): string =>
  `${scope} ${principalKey}`;

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

export const isSameContribution = (a: Contribution, b: Contribution): boolean =>
  a.username === b.username && isSameList(a.groups, b.groups);

/** Whether two grants under one key store the same fields: then nothing is written. */
export function isSameGrant(a: Grant, b: Grant): boolean {
  const contributions = Object.entries(a.contributions);
  return (
    a.username === b.username &&
    a.principalId === b.principalId &&
    a.arn === b.arn &&
    isSameList(a.groups, b.groups) &&
    contributions.length === Object.keys(b.contributions).length &&
    contributions.every(([id, contribution]) => {
      const other = ownField(b.contributions, id);
      return other !== undefined && isSameContribution(contribution, other);
    })
  );
}
