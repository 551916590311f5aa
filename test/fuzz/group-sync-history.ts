/** One random history: a table on dynalite, the model of IAM, bindings that change, and runs with faults. */
import { expect } from 'vitest';
import type { GroupBinding } from '../../lib/records/binding.ts';
import type { StoredMapping } from '../../lib/records/mapping.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { createStore } from '../../lib/store/dynamodb/store.ts';
import { createTable } from '../../lib/store/layout/table-definition.ts';
import type { Store } from '../../lib/store/ports.ts';
import { renderForUser } from '../../lib/sync/grants/usernames.ts';
import { createGroupReader } from '../../lib/sync/iam.ts';
import { runSync, type SyncRequest } from '../../lib/sync/run.ts';
import { pick, type Random, seeded } from '../reference/random.ts';
import { createEngine } from '../fixtures/dynamodb-engine.ts';
import { createFaultyClient, type Fault } from '../fixtures/faulty-client.ts';
import { groupArn, groupNames, IamModel } from './group-sync-iam-model.ts';

export const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 5);
const scopes: readonly Scope[] = ['cluster/one', 'all'];

const engine = createEngine();

const value = <T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
};

/** `scope arn id binding`: one line for each contribution. */
export type Line = string;
export const linesOf = (grants: readonly StoredMapping[]): Set<Line> =>
  new Set(
    grants.flatMap((grant) =>
      Object.keys(grant.contributions ?? {}).map(
        (id) => `${grant.scope} ${grant.principal.arn} ${grant.principalId} ${id}`,
      ),
    ),
  );

/** Two grants with one username are one person's: both have one pin, or both have one ARN, of which one pin matches no caller. */
function expectNoSharedUsername(grants: readonly StoredMapping[]): void {
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

export class History {
  readonly iam = new IamModel();
  readonly table: string;
  readonly store: Store;
  readonly random: Random;
  /** The bindings that exist, by id. */
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
    // A manual mapping of a member, which group sync must never touch.
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
    expectNoSharedUsername(grants);
    return grants;
  }

  /** The grants that follow from a complete reading of IAM now. */
  complete(): Set<Line> {
    return new Set(
      [...this.bindings.values()].flatMap(({ id, iamGroup, scope }) =>
        [...this.iam.groups.get(iamGroup.split('/')[1]!)!].map(
          (name) => `${scope} ${this.iam.arnOf(name)} ${this.iam.users.get(name)!.id} ${id}`,
        ),
      ),
    );
  }

  /** A run that ends in the middle leaves each line as it was, or as it should be. */
  async expectBetween(before: ReadonlySet<Line>, target: ReadonlySet<Line>): Promise<void> {
    const now = linesOf(await this.grants());
    for (const line of now)
      expect(before.has(line) || target.has(line), `granted without reason: ${line}`).toBe(true);
    for (const line of target) if (before.has(line)) expect(now.has(line), `lost: ${line}`).toBe(true);
  }
}
