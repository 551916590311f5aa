/**
 * Random histories of IAM groups, bindings and runs that go wrong: reads that fail in the middle, crashes before and
 * after any single write, two runs at once, a run that sleeps past its lease, also with a write on its way. The store
 * is the real one, on dynalite; IAM is a model that answers in pages. After each run the table is what some complete
 * reading of IAM gives, and after each write that can be the last one nobody shares a username.
 */
import { expect, test } from 'vitest';
import { mapConcurrently } from '../../lib/async/map-concurrently.ts';
import { createGroupReader, type GroupPage } from '../../lib/sync/iam.ts';
import { renderForUser } from '../../lib/sync/grants/render-for-user.ts';
import { runSync, type SyncRequest } from '../../lib/sync/run.ts';
import type { GroupBinding } from '../../lib/records/binding.ts';
import type { Scope } from '../../lib/records/scope.ts';
import type { StoredMapping } from '../../lib/records/mapping.ts';
import { createStore } from '../../lib/store/dynamodb/store.ts';
import type { Store } from '../../lib/store/ports.ts';
import { createTable } from '../../lib/store/layout/table-definition.ts';
import { pick, type Random, seeded } from '../reference/random.ts';
import { createEngine } from '../fixtures/dynamodb-engine.ts';
import { createFaultyClient, type Fault } from '../fixtures/faulty-client.ts';
import { cases } from '../fixtures/scale.ts';

const histories = cases(100, 1000);
/** Each waits for its table most of the time; what they do stays the same, whatever the others do. */
const historiesAtOnce = 4;
const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 5);
const account = '111122223333';
const scopes: readonly Scope[] = ['cluster/one', 'all'];
const groupNames = ['devs', 'ops'];
const userNames = ['alice', 'bob', 'carol', 'dave'];

interface User {
  readonly name: string;
  path: string;
  id: string;
}

/** IAM as it is; what it answers may be slow, short or broken, but never wrong. */
class Iam {
  readonly users = new Map<string, User>(
    userNames.map((name) => [name, { name, path: '/', id: `AIDA0${name}` }]),
  );
  readonly groups = new Map<string, Set<string>>(groupNames.map((name) => [name, new Set<string>()]));
  /** Pages until the next read fails; undefined: none does. */
  failsAfter: number | undefined;
  #ids = 0;

  change(random: Random): void {
    const name = pick(random, userNames);
    const group = this.groups.get(pick(random, groupNames));
    const user = this.users.get(name);
    const kind = pick(random, [
      'join',
      'join',
      'join',
      'leave',
      'leave',
      'move',
      'recreate',
      'replace',
      'empty',
    ] as const);
    if (kind === 'join') group?.add(name);
    if (kind === 'leave') group?.delete(name);
    if (kind === 'empty') group?.clear();
    if (kind === 'move' && user !== undefined) user.path = pick(random, ['/', '/eng/']);
    if (kind === 'replace') this.replace(name);
    if (kind === 'recreate' && user !== undefined) {
      user.id = this.#newId(name);
      for (const members of this.groups.values()) members.delete(name);
    }
  }

  /** By somebody new of the same name, under another ARN: the username passes from one to the other. */
  replace(name: string): void {
    const path = this.users.get(name)?.path === '/' ? '/eng/' : '/';
    this.users.set(name, { name, path, id: this.#newId(name) });
  }

  #newId(name: string): string {
    this.#ids += 1;
    return `AIDA${this.#ids}${name}`;
  }

  /** Undoes whatever is changed until then. */
  remember(): () => void {
    const users = structuredClone(this.users);
    const groups = structuredClone(this.groups);
    return () => {
      for (const [name, user] of users) this.users.set(name, user);
      for (const [name, members] of groups) this.groups.set(name, members);
    };
  }

  arnOf(name: string): string {
    return `arn:aws:iam::${account}:user${this.users.get(name)?.path}${name}`;
  }

  /** Pages of one, with an empty one in between: both are legal. */
  page(group: string, marker: string | undefined): GroupPage {
    if (this.failsAfter !== undefined) {
      if (this.failsAfter === 0) throw Object.assign(new Error('slow down'), { name: 'Throttling' });
      this.failsAfter -= 1;
    }
    const members = [...(this.groups.get(group) ?? [])].toSorted();
    const at = Number(marker ?? 0);
    const isEmpty = at % 2 === 1;
    const name = isEmpty ? undefined : members[at / 2];
    const IsTruncated = (at + 1) / 2 < members.length;
    return {
      Group: { Arn: groupArn(group), Path: '/', GroupName: group, GroupId: 'AGPA', CreateDate: new Date(0) },
      Users: name === undefined ? [] : [this.#describe(name)],
      IsTruncated,
      ...(IsTruncated ? { Marker: String(at + 1) } : {}),
    };
  }

  #describe(name: string): NonNullable<GroupPage['Users']>[number] {
    const user = this.users.get(name)!;
    return {
      Arn: this.arnOf(name),
      UserName: name,
      UserId: user.id,
      Path: user.path,
      CreateDate: new Date(0),
    };
  }
}

const groupArn = (name: string): string => `arn:aws:iam::${account}:group/${name}`;

const engine = createEngine();

const value = <T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
};

/** `scope arn id binding`: one line for each contribution. */
type Line = string;
const linesOf = (grants: readonly StoredMapping[]): Set<Line> =>
  new Set(
    grants.flatMap((grant) =>
      Object.keys(grant.contributions ?? {}).map(
        (id) => `${grant.scope} ${grant.principal.arn} ${grant.principalId} ${id}`,
      ),
    ),
  );

/** Two entries under one username are one person's: both pinned to one id, or both of one ARN, where one pin is dead. */
function expectNobodyShares(grants: readonly StoredMapping[]): void {
  const nameOf = ({ username, principal }: StoredMapping): string =>
    renderForUser(username, principal.arn ?? '');
  for (const one of grants) {
    const sharing = grants.find(
      (other) =>
        nameOf(other) === nameOf(one) &&
        other.principalId !== one.principalId &&
        other.principalKey !== one.principalKey,
    );
    expect(sharing, `shared: ${nameOf(one)}`).toBeUndefined();
  }
}

class History {
  readonly iam = new Iam();
  readonly table: string;
  readonly store: Store;
  readonly random: Random;
  /** Those that there are, by id. */
  readonly bindings = new Map<string, GroupBinding>();
  now = Date.parse('2026-11-22T12:00:00Z');
  #runs = 0;

  constructor(index: number) {
    this.random = seeded(seed * 100_000 + index);
    this.table = `history-${index}`;
    this.store = this.storeWith();
  }

  storeWith(fault?: Fault): Store {
    const client = createFaultyClient(engine, fault);
    return createStore({ table: this.table, region: 'eu-central-1', client, clock: () => this.now });
  }

  async begin(): Promise<void> {
    await createTable(createFaultyClient(engine), this.table);
    const cluster = { id: 'one', partition: 'aws' as const, sets: [], adminGroups: [] };
    const state = value(await this.store.read('cluster', { id: 'one' }));
    value(await this.store.put(state, cluster, { actor: 'test' }));
    // One that group sync must never touch, for a member of its groups.
    const ref = { scope: 'all', principalKey: this.iam.arnOf('alice'), owner: 'manual' } as const;
    const manual = { scope: 'all', owner: 'manual', username: 'alice', groups: ['manual'] } as const;
    value(
      await this.store.put(
        value(await this.store.read('mapping', ref)),
        { ...manual, principal: { arn: this.iam.arnOf('alice') } },
        { actor: 'test' },
      ),
    );
  }

  async changeBinding(): Promise<void> {
    const id = pick(this.random, ['first', 'second', 'third']);
    const state = value(await this.store.read('binding', { id }));
    if (state.state === 'live' && this.random() < 0.4) {
      value(await this.store.remove(state, { actor: 'test' }));
      this.bindings.delete(id);
      return;
    }
    const binding: GroupBinding = {
      id,
      iamGroup: groupArn(pick(this.random, groupNames)),
      scope: pick(this.random, scopes),
      username: pick(this.random, ['aws:{{AccountID}}:{{UserName}}', '{{UserName}}']),
      groups: [pick(this.random, ['viewers', 'editors'])],
    };
    value(await this.store.put(state, binding, { actor: 'test' }));
    this.bindings.set(id, binding);
  }

  async run(store: Store, request: Partial<SyncRequest> = {}) {
    this.#runs += 1;
    const end = this.now + 900_000;
    return runSync(
      {
        store,
        readGroup: createGroupReader(async () => async (name, marker) => this.iam.page(name, marker)),
        clock: () => this.now,
        remaining: () => end - this.now,
      },
      { runId: `run-${this.#runs}`, requestedBy: 'test', dryRun: false, force: true, ...request },
    );
  }

  async grants(): Promise<StoredMapping[]> {
    const pages = await Promise.all(
      scopes.map((scope) => this.store.listMappingsByScope(scope, { limit: 200 })),
    );
    const all = pages.flatMap((page) => [...value(page).items]);
    expect(all.filter((mapping) => mapping.owner === 'manual')).toMatchObject([
      { groups: ['manual'], version: 1 },
    ]);
    const grants = all.filter((mapping) => mapping.owner === 'group-sync');
    expectNobodyShares(grants);
    return grants;
  }

  /** What a complete reading of IAM gives now. */
  complete(): Set<Line> {
    return new Set(
      [...this.bindings.values()].flatMap(({ id, iamGroup, scope }) =>
        [...this.iam.groups.get(iamGroup.split('/')[1]!)!].map(
          (name) => `${scope} ${this.iam.arnOf(name)} ${this.iam.users.get(name)!.id} ${id}`,
        ),
      ),
    );
  }

  /** A run that ends in the middle leaves each line as it was, or as it is to be. */
  async expectBetween(before: ReadonlySet<Line>, target: ReadonlySet<Line>): Promise<void> {
    const now = linesOf(await this.grants());
    for (const line of now) expect(before.has(line) || target.has(line), `unfounded: ${line}`).toBe(true);
    for (const line of target) if (before.has(line)) expect(now.has(line), `lost: ${line}`).toBe(true);
  }
}

type Mishap = (history: History, before: Set<Line>) => Promise<void>;
const atWrite = (history: History): number => 1 + Math.floor(history.random() * 12);

const mishaps: Readonly<Record<string, Mishap>> = {
  async none(history) {
    expect((await history.run(history.store)).state).toBe('done');
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'a read fails'(history, before) {
    history.iam.failsAfter = Math.floor(history.random() * 4);
    const run = await history.run(history.store);
    history.iam.failsAfter = undefined;
    await history.expectBetween(before, history.complete());
    // Nothing of a binding that could not be read has changed: neither more nor less.
    const now = [...linesOf(await history.grants())];
    for (const { id } of run.bindings.filter(({ outcome }) => outcome === 'unreadable')) {
      const of = (lines: Iterable<Line>): Line[] =>
        [...lines].filter(
          (line) => line.endsWith(` ${id}`) && history.bindings.get(id)?.scope === line.split(' ')[0],
        );
      const repinned = new Set(now.filter((line) => !before.has(line)).map((line) => line.split(' ')[1]));
      const kept = of(before).filter((line) => !repinned.has(line.split(' ')[1]));
      expect(of(now)).toEqual(expect.arrayContaining(kept));
      for (const line of of(now)) expect(before.has(line), line).toBe(true);
    }
  },
  async crash(history, before) {
    const when = history.random() < 0.5 ? 'before' : 'after';
    await history.run(history.storeWith({ atWrite: atWrite(history), when, act: 'die' }));
    await history.expectBetween(before, history.complete());
  },
  async 'crash as usernames pass from one person to another'(history) {
    await history.run(history.store);
    const before = linesOf(await history.grants());
    for (const name of userNames) history.iam.replace(name);
    const when = history.random() < 0.5 ? 'before' : 'after';
    const atWrite = 1 + Math.floor(history.random() * 6);
    await history.run(history.storeWith({ atWrite, when, partition: 'PRINCIPAL#', act: 'die' }));
    await history.expectBetween(before, history.complete());
  },
  async 'two at once'(history) {
    await Promise.all([history.run(history.store), history.run(history.store)]);
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'one event is delivered twice'(history) {
    const request = { runId: `twice-${history.now}` };
    const first = history.run(history.store, request);
    if (history.random() < 0.5) await first;
    await Promise.all([first, history.run(history.store, request)]);
    expect(linesOf(await history.grants())).toEqual(history.complete());
  },
  async 'a run sleeps past its lease'(history, before) {
    const stale = history.complete();
    const when = pick(history.random, ['before', 'after'] as const);
    await sleepPastLease(history, { atWrite: atWrite(history), when }, async () => {
      await history.expectBetween(before, stale);
      history.iam.change(history.random);
    });
  },
  async 'a run sleeps with a grant on its way, and what it is about to write is taken back'(history) {
    await history.run(history.store);
    const takeBack = history.iam.remember();
    for (let change = 0; change < 3; change += 1) history.iam.change(history.random);
    const atWrite = 1 + Math.floor(history.random() * 4);
    await sleepPastLease(history, { atWrite, when: 'before', partition: 'PRINCIPAL#' }, takeBack);
  },
};

/** A run falls asleep at a write; another takes over; the first wakes, and what it does then changes nothing. */
async function sleepPastLease(
  history: History,
  at: Omit<Fault, 'act'>,
  meanwhile: () => void | Promise<void>,
): Promise<void> {
  let wake: () => void = () => undefined;
  let fellAsleep: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (fellAsleep = resolve));
  const sleep = async (): Promise<void> => {
    fellAsleep();
    await new Promise<void>((resolve) => (wake = resolve));
  };
  const sleeper = history.run(history.storeWith({ ...at, act: sleep }));
  await Promise.race([asleep, sleeper]);
  await meanwhile();
  history.now += 1_000_000;
  await history.run(history.store);
  const after = await history.grants();
  expect(linesOf(after)).toEqual(history.complete());
  wake();
  await sleeper;
  expect(await history.grants()).toEqual(after);
}

/** @returns how much a second run wrote, with nothing changed */
async function live(history: History): Promise<number> {
  await history.begin();
  for (let step = 0; step < 4; step += 1) {
    for (let change = 0; change < 3; change += 1) history.iam.change(history.random);
    if (step === 0 || history.random() < 0.5) await history.changeBinding();
    const mishap = mishaps[pick(history.random, Object.keys(mishaps))]!;
    await mishap(history, linesOf(await history.grants()));
    // A lease that a crash left behind runs out.
    history.now += 1_000_000;
  }
  await mishaps['none']!(history, new Set());
  return (await history.run(history.store)).written;
}

test(`${histories} random histories (seed ${seed}): the table is what some complete reading of IAM gives`, async () => {
  const indexes = Array.from({ length: histories }, (_, index) => index);
  const again = await mapConcurrently(indexes, historiesAtOnce, (index) => live(new History(index)));
  expect(again).toEqual(indexes.map(() => 0));
}, 900_000);
