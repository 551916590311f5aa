/**
 * Random plans over users who move, are renamed, recreated and collide, over bindings whose templates and scopes change, and grants
 * under former keys. Whatever the order of the writes of a stage, and wherever a run ends: no two users share a username.
 */
import { expect, test } from 'vitest';
import type { HeldGrant, Reading } from '../../lib/sync/grants/grant.ts';
import { mayOverlap, renderForUser } from '../../lib/sync/grants/usernames.ts';
import type { GroupBinding } from '../../lib/records/binding.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { pick, type Random, seeded } from '../reference/random.ts';
import { cases } from '../fixtures/scale.ts';
import {
  account,
  after,
  binding,
  member,
  otherAccount,
  plan,
  read,
  stale,
  unreadable,
} from '../lib/sync/builders.ts';

const histories = cases(400, 10_000);
const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 11);
const scopes: readonly Scope[] = ['cluster/a', 'cluster/b', 'set/s', 'all'];
const templates = ['{{UserName}}', '{{AccountID}}:{{UserName}}', 'x', 'y', 'z'];
const names = ['ann', 'ben', 'cat'];

class MembershipHistory {
  readonly random: Random;
  readonly #users = [account, otherAccount].flatMap((account) =>
    names.map((name) => ({ account, name, path: '', id: `AIDA${account[0]}${name}` })),
  );
  #bindings: GroupBinding[] = [];
  #ids = 0;

  constructor(index: number) {
    this.random = seeded(seed * 1_000_000 + index);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }

  /** Changes something, and returns what a run then reads. */
  situation() {
    for (const user of this.#users) {
      if (this.chance(0.2)) user.path = pick(this.random, ['', 'eng/']);
      if (this.chance(0.1)) this.#rename(user);
      if (this.chance(0.2)) user.id = `AIDA${(this.#ids += 1)}`;
    }
    this.#bindings = ['a', 'b', 'c', 'd'].map((id, index) => {
      const before = this.#bindings[index];
      return before !== undefined && this.chance(0.4)
        ? before
        : binding(id, { username: pick(this.random, templates), scope: pick(this.random, scopes) });
    });
    const [deleted, unread] = [this.chance(0.2) ? ['a'] : [], this.chance(0.2) ? ['b'] : []];
    const readings = this.#bindings
      .filter(({ id }) => !deleted.includes(id) && !unread.includes(id))
      .map(({ id }): [string, Reading] => [id, this.chance(0.1) ? unreadable : this.#group()]);
    return {
      bindings: this.#bindings.filter(({ id }) => !deleted.includes(id)),
      deleted,
      readings: Object.fromEntries(readings),
      force: true,
    };
  }

  /** Names are unique in an account. */
  #rename(user: { readonly account: string; name: string }): void {
    const name = pick(this.random, [...names, 'dan']);
    if (!this.#users.some((other) => other.account === user.account && other.name === name)) user.name = name;
  }

  /** Some grants as an earlier version left them. */
  withFormerKeys(grants: readonly HeldGrant[]): HeldGrant[] {
    return grants.map((grant) =>
      grant.arn.includes('/eng/') && grant.staleKey === undefined && this.chance(0.2) ? stale(grant) : grant,
    );
  }

  #group(): Reading {
    const members = this.#users.filter(() => this.chance(0.4));
    return read(...members.map(({ name, ...fields }) => member(name, fields)));
  }
}

/** Two ids of one ARN are not two people: only the pin of the existing user can match. */
function shared(grants: readonly HeldGrant[]): string[] {
  return grants.flatMap((one, index) =>
    grants
      .slice(index + 1)
      .filter(
        (other) =>
          renderForUser(one.username, one.arn) === renderForUser(other.username, other.arn) &&
          mayOverlap(one.scope, other.scope) &&
          one.principalId !== other.principalId &&
          one.principalKey !== other.principalKey,
      )
      .map((other) => `${one.scope} ${one.arn} and ${other.scope} ${other.arn}: ${one.username}`),
  );
}

test(`no two users share a username after any write of ${histories} random histories (seed ${seed})`, () => {
  let [writes, waited, moved] = [0, 0, 0];
  for (let index = 0; index < histories; index += 1) {
    const history = new MembershipHistory(index);
    let grants: HeldGrant[] = [];
    for (let run = 0; run < 5; run += 1) {
      grants = history.withFormerKeys(grants);
      moved += grants.filter(({ staleKey }) => staleKey !== undefined).length;
      const { stages } = plan({ ...history.situation(), grants });
      const order = stages.flatMap((stage) => history.shuffled(stage));
      // If the run ends early, the next one starts from there.
      const landed = history.chance(0.3) ? Math.floor(history.random() * order.length) : order.length;
      for (const write of order.slice(0, landed)) {
        grants = after(grants, [write]);
        expect(shared(grants), `history ${index}, run ${run}`).toEqual([]);
      }
      // A run that was written to its end has moved all of them.
      const left = landed < order.length ? [] : grants.filter(({ staleKey }) => staleKey !== undefined);
      expect(left).toEqual([]);
      writes += landed;
      waited += stages.slice(1).flat().length;
    }
  }
  // Otherwise the rule was never tested.
  expect(waited).toBeGreaterThan(writes / 100);
  expect(moved).toBeGreaterThan(writes / 100);
}, 300_000);
