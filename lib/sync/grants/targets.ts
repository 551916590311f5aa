/** Grants as they should be, by place: they start as what is held, and each binding then takes and gives. */
import { principalKey } from '../../records/principal.ts';
import type { Contribution } from '../../records/mapping.ts';
import type { GroupBinding } from '../../records/binding.ts';
import type { Scope } from '../../records/scope.ts';
import type { HeldGrant, Member } from './membership.ts';
import type { Tally } from './tally.ts';

/** A run withdraws at most this share of a binding's grants, or `guardFloor` of them if that is more. */
const guardShare = 0.2;
const guardFloor = 10;

/** What one user should have in one scope: a grant before its groups and its name are worked out. */
export interface Target {
  readonly scope: Scope;
  readonly key: string;
  readonly arn: string;
  readonly principalId: string;
  readonly held: HeldGrant | undefined;
  readonly contributions: Map<string, Contribution>;
}

const placeOf = (scope: Scope, key: string): string => `${scope} ${key}`;

/** All targets of a run, by scope and principal. */
export class Targets {
  readonly #targets: Map<string, Target>;

  constructor(grants: readonly HeldGrant[]) {
    this.#targets = new Map(
      grants.map((held) => [
        placeOf(held.scope, held.principalKey),
        {
          scope: held.scope,
          key: held.principalKey,
          arn: held.arn,
          principalId: held.principalId,
          held,
          contributions: new Map(Object.entries(held.contributions)),
        },
      ]),
    );
  }

  entries(): readonly [place: string, target: Target][] {
    return [...this.#targets];
  }

  /** How many grants a binding contributes to. */
  count(id: string): number {
    return this.#givenBy(id).length;
  }

  /** Withdraws what a binding gives, from the targets that this applies to. */
  withdraw(id: string, applies: (target: Target) => boolean = () => true): void {
    for (const target of this.#targets.values()) if (applies(target)) target.contributions.delete(id);
  }

  /**
   * Grants of people who left the group are withdrawn under the guard; grants in a scope that the binding no longer
   * names without it, since an admin moved the binding on purpose.
   */
  withdrawFormerMembers(
    { id, scope }: GroupBinding,
    members: readonly Member[],
    tally: Tally,
    { force }: { readonly force: boolean },
  ): void {
    this.withdraw(id, (target) => target.scope !== scope);
    const keys = new Set(members.map((member) => principalKey({ arn: member.arn })));
    const isFormer = (target: Target): boolean => !keys.has(target.key);
    const given = this.#givenBy(id);
    const leaving = given.filter(isFormer).length;
    if (force || leaving <= Math.max(given.length * guardShare, guardFloor)) {
      this.withdraw(id, isFormer);
      return;
    }
    tally.outcome = 'guarded';
    tally.details.push(
      `${leaving} of ${given.length} grants would be withdrawn, more than a run may: check the IAM group, then run the sync with force.`,
    );
  }

  addMembers(binding: GroupBinding, members: readonly Member[], tally: Tally): void {
    tally.members = members.length;
    for (const member of members) {
      const key = principalKey({ arn: member.arn });
      const place = placeOf(binding.scope, key);
      const found = this.#targets.get(place);
      const isSameUser = found?.principalId === member.userId;
      if (found !== undefined && !isSameUser) {
        tally.details.push(`${member.arn} was deleted and made again: pinned to ${member.userId}.`);
      }
      // A user made anew inherits nothing: each binding gives again what it gives to the new id, or it does not.
      const contributions = isSameUser ? found.contributions : new Map<string, Contribution>();
      contributions.set(binding.id, { username: binding.username, groups: binding.groups });
      this.#targets.set(place, {
        scope: binding.scope,
        key,
        arn: member.arn,
        principalId: member.userId,
        held: found?.held,
        contributions,
      });
    }
  }

  #givenBy(id: string): readonly Target[] {
    return [...this.#targets.values()].filter((target) => target.contributions.has(id));
  }
}
