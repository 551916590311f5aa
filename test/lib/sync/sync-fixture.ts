/** A table on dynalite with one cluster, IAM groups as plain readings, and runs of the group sync over both. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { GroupBinding } from '../../../lib/records/binding.ts';
import type { StoredMapping } from '../../../lib/records/mapping.ts';
import { createStore } from '../../../lib/store/dynamodb/store.ts';
import type { ItemKey } from '../../../lib/store/layout/keys.ts';
import { createTable } from '../../../lib/store/layout/table-definition.ts';
import type { Store } from '../../../lib/store/ports.ts';
import type { Member, Reading } from '../../../lib/sync/grants/grant.ts';
import { logSyncRun } from '../../../lib/sync/metrics.ts';
import { runSync, type SyncRequest } from '../../../lib/sync/run.ts';
import type { SyncRun } from '../../../lib/records/sync-run.ts';
import { capture } from '../../fixtures/capture.ts';
import { createEngine, type Engine } from '../../fixtures/dynamodb-engine.ts';
import { createFaultyClient, type Fault } from '../../fixtures/faulty-client.ts';
import { binding, read, unreadable } from './builders.ts';

/** The value of a result that must be good. */
export const value = <T>(result: { ok: true; value: T } | { ok: false; failure: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
};

/** The admin of these tests, as the actor of a change. */
export const by = { actor: 'arn:aws:iam::111122223333:user/admin' };

const engine = createEngine();
let tables = 0;

/** A class, because there is state: the clock, the groups, the requests that were seen. */
export class SyncFixture {
  readonly table = `sync-${(tables += 1)}`;
  readonly engine: Engine = engine;
  now = Date.parse('2026-11-22T12:00:00Z');
  /** By the name of the IAM group. A group that is missing here is unreadable. */
  readonly groups: Record<string, Reading> = {};
  /** The ARNs of the groups that the sync has read. */
  readonly asked: string[] = [];
  readonly store: Store = this.storeWith();

  static async create(): Promise<SyncFixture> {
    const fixture = new SyncFixture();
    await createTable(createFaultyClient(engine), fixture.table);
    await fixture.put('cluster', { id: 'prod' }, { id: 'prod', partition: 'aws', sets: [], adminGroups: [] });
    return fixture;
  }

  /** A store over the same table, with a fault or with another engine. */
  storeWith({ fault, on = engine }: { fault?: Fault; on?: Engine } = {}): Store {
    const client = createFaultyClient(on, fault);
    return createStore({ table: this.table, region: 'eu-central-1', client, clock: () => this.now });
  }

  async put(kind: 'cluster' | 'binding', ref: { id: string }, record: object): Promise<void> {
    value(await this.store.put(value(await this.store.read(kind, ref)), record as never, by));
  }

  bind(id: string, fields: Partial<GroupBinding> = {}): Promise<void> {
    return this.put('binding', { id }, binding(id, fields));
  }

  async unbind(id: string): Promise<void> {
    value(await this.store.remove(value(await this.store.read('binding', { id })), by));
  }

  /** Overwrites the record of an item with one that no reader can decode. */
  async damage(key: ItemKey): Promise<void> {
    await createFaultyClient(engine).send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { pk: { S: key.pk }, sk: { S: key.sk } },
        UpdateExpression: 'SET #record = :damaged',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: { ':damaged': { S: 'damaged' } },
      }),
    );
  }

  group(name: string, ...members: Member[]): void {
    this.groups[name] = read(...members);
  }

  async grants(): Promise<StoredMapping[]> {
    return value(await this.store.listMappingsByScope('cluster/prod', { limit: 200 })).items.filter(
      (mapping) => mapping.owner === 'group-sync',
    );
  }

  /** `alice: developers` for each grant. */
  async access(): Promise<string[]> {
    return (await this.grants()).map(
      (grant) => `${grant.principal.arn?.split('/').at(-1)}: ${grant.groups.join(' ')}`,
    );
  }

  /** Runs the sync, by default on the fixture's own store and with plenty of time. */
  sync(
    runId: string,
    request: Partial<SyncRequest> = {},
    { on = this.store, remaining = () => 600_000 }: { on?: Store; remaining?: () => number } = {},
  ): Promise<SyncRun> {
    return runSync(
      {
        store: on,
        clock: () => this.now,
        remaining,
        readGroup: async ({ iamGroup }) => {
          this.asked.push(iamGroup);
          return this.groups[iamGroup.split('/').at(-1)!] ?? unreadable;
        },
      },
      { runId, requestedBy: by.actor, dryRun: false, force: false, ...request },
    );
  }

  /** The log lines of a run, parsed. */
  log(run: SyncRun): Record<string, unknown>[] {
    const lines: string[] = [];
    logSyncRun(run, this.now, (line) => {
      capture(line);
      lines.push(line);
    });
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
