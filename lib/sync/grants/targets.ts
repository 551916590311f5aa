/** The grants as they should be, by grant key: they start as the stored ones, then each binding adds and withdraws. */
import { mappingKeyOf } from '../../records/principal.ts';
import { compareText } from '../../json/compare-text.ts';
import type { GroupBinding } from '../../records/binding.ts';
import type { Contribution } from '../../records/mapping.ts';
import type { PrincipalKey } from '../../records/principal.ts';
import type { Scope } from '../../records/scope.ts';
import { grantKey, type HeldGrant, type Member } from './grant.ts';
import type { Tally } from './tally.ts';

/** A run withdraws at most this share of a binding's grants, or `guardFloor` of them if that is more. */
const guardShare = 0.2;
const guardFloor = 10;

/** What one user should have in one scope: a grant before its groups and its username are known. */
export interface Target {
  readonly scope: Scope;
  readonly principalKey: PrincipalKey;
  readonly arn: string;
  /** `undefined`: as stored, without a pin. */
  readonly principalId: string | undefined;
  readonly held: HeldGrant | undefined;
  readonly contributions: Map<string, Contribution>;
}

const targetOf = (held: HeldGrant): Target => ({
  scope: held.scope,
  principalKey: held.principalKey,
  arn: held.arn,
  principalId: held.principalId,
  held,
  contributions: new Map(Object.entries(held.contributions)),
});

/** All targets of a run. */
export class Targets {
  readonly #targets = new Map<string, Target>();
  readonly #leftovers: HeldGrant[] = [];

  constructor(grants: readonly HeldGrant[]) {
    // The grant under today's key counts, if there is one: a run was interrupted while it moved the other.
    const ordered = grants.toSorted((a, b) => compareText(a.staleKey ?? '', b.staleKey ?? ''));
    for (const held of ordered) {
      if (this.#targets.has(grantKey(held))) this.#leftovers.push(held);
      else this.#targets.set(grantKey(held), targetOf(held));
    }
  }

  /** Grants under former keys whose user has a grant under another key. They grant nothing and are deleted. */
  get leftovers(): readonly HeldGrant[] {
    return this.#leftovers;
  }

  entries(): readonly [grantKey: string, target: Target][] {
    return [...this.#targets];
  }

  /** The number of grants to which a binding contributes. */
  count(id: string): number {
    return this.#withContributionOf(id).length;
  }

  /** Withdraws a binding's contributions, from all targets or from those that `applies` selects. */
  withdraw(id: string, applies: (target: Target) => boolean = () => true): void {
    for (const target of this.#targets.values()) if (applies(target)) target.contributions.delete(id);
  }

  /**
   * Withdraws the grants of users who left the group, under the guard; and without it the grants in a scope that the
   * binding no longer names, since an admin changed the binding on purpose.
   */
  withdrawFormerMembers(
    { id, scope }: GroupBinding,
    members: readonly Member[],
    tally: Tally,
    { force }: { readonly force: boolean },
  ): void {
    this.withdraw(id, (target) => target.scope !== scope);
    const keys = new Set(members.map((member) => mappingKeyOf({ arn: member.arn })));
    const isFormer = (target: Target): boolean => !keys.has(target.principalKey);
    const targets = this.#withContributionOf(id);
    const leaving = targets.filter(isFormer).length;
    if (force || leaving <= Math.max(targets.length * guardShare, guardFloor)) {
      this.withdraw(id, isFormer);
      return;
    }
    tally.outcome = 'guarded';
    tally.details.push(
      `${leaving} of ${targets.length} grants would be withdrawn, more than a run may: check the IAM group, then run the sync with force.`,
    );
  }

  addMembers(binding: GroupBinding, members: readonly Member[], tally: Tally): void {
    tally.members = members.length;
    for (const member of members) {
      const ref = { scope: binding.scope, principalKey: mappingKeyOf({ arn: member.arn }) };
      const key = grantKey(ref);
      const found = this.#targets.get(key);
      const isSameUser = found?.principalId === member.userId;
      if (found !== undefined && !isSameUser) {
        const why = found.principalId === undefined ? 'had no pin' : 'was deleted and recreated';
        tally.details.push(`${member.arn} ${why}: pinned to ${member.userId}.`);
      }
      // A recreated user inherits nothing: each binding contributes to the new id again, or it does not.
      const contributions = isSameUser ? found.contributions : new Map<string, Contribution>();
      contributions.set(binding.id, { username: binding.username, groups: binding.groups });
      this.#targets.set(key, {
        ...ref,
        arn: member.arn,
        principalId: member.userId,
        held: found?.held,
        contributions,
      });
    }
  }

  #withContributionOf(id: string): readonly Target[] {
    return [...this.#targets.values()].filter((target) => target.contributions.has(id));
  }
}
