/** Whether what is held is what should be: then nothing is written. */
import type { Contribution } from '../../records/mapping.ts';
import { ownField } from '../../json/record.ts';
import type { Grant } from './membership.ts';

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

export const sameContribution = (a: Contribution, b: Contribution): boolean =>
  a.username === b.username && sameList(a.groups, b.groups);

/** Of two grants in one place, whatever else they carry. */
export function sameGrant(a: Grant, b: Grant): boolean {
  const contributions = Object.entries(a.contributions);
  return (
    a.username === b.username &&
    a.principalId === b.principalId &&
    a.arn === b.arn &&
    sameList(a.groups, b.groups) &&
    contributions.length === Object.keys(b.contributions).length &&
    contributions.every(([id, contribution]) => {
      const other = ownField(b.contributions, id);
      return other !== undefined && sameContribution(contribution, other);
    })
  );
}
