/**
 * 50 writers on 20 entries: whoever wins, every change that was applied is in the log, and the log, replayed in
 * order, is the table.
 */
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import { targetOf } from '../../../../lib/store/change-record.ts';
import type { ChangeRecord, RecordChange } from '../../../../lib/store/change-record.ts';
import type { RecordState } from '../../../../lib/records/kinds.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { mapping, mappingRef } from '../../../fixtures/records.ts';
import { cases } from '../../../fixtures/scale.ts';
import { must } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const writers = 50;
const entries = Array.from({ length: 20 }, (_, index) => mapping(`shared-${index}`));
/** What each writer does: some seconds in all, on two cores. */
const rounds = cases(4, 150);

type State = RecordState<'mapping'>;
type Change = RecordChange<'mapping'>;

/** A small generator of its own per writer, so that a run can be told from its seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Reads an entry, waits as an admin thinks, and changes or deletes it; keeps what was applied. */
async function work(store: Store, seed: number, applied: Change[]): Promise<void> {
  const random = randomOf(seed);
  let stale: State | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const record = entries[(seed + round * Math.floor(random() * entries.length)) % entries.length]!;
    // Some write what they read long ago: such a write must never be applied over another.
    const read = must(await store.read('mapping', mappingRef(record)));
    const current = stale !== undefined && random() < 0.1 ? stale : read;
    stale = read;
    const by = { actor: `writer-${seed}` };
    const own = entries.find((each) => mappingRef(each).principalKey === current.ref.principalKey)!;
    const result =
      current.state === 'live' && random() < 0.3
        ? await store.remove(current, by)
        : await store.put(current, { ...own, username: `by-${seed}-${Math.floor(random() * 1e9)}` }, by);
    const outcome = must(result);
    if (outcome.applied) applied.push(outcome.change);
  }
}

async function readChanges(store: Store, target: string): Promise<ChangeRecord[]> {
  const changes: ChangeRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = must(await store.listChanges({ target }, { limit: 200, cursor }));
    changes.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return changes;
}

describe.each(engines)('on $name', (engine) => {
  describe.skipIf(engine.missing !== undefined)('50 writers on 20 entries', () => {
    let running: LocalDynamoDb;
    let testTable: TestTable;
    let store: Store;
    const applied: Change[] = [];
    const states = new Map<string, State>();
    const logs = new Map<string, ChangeRecord[]>();

    beforeAll(async () => {
      running = await engine.start();
      testTable = await createTestTable(running.endpoint);
      store = testTable.store();
      await Promise.all(Array.from({ length: writers }, (_, seed) => work(store, seed + 1, applied)));
      for (const each of entries) {
        const state = must(await store.read('mapping', mappingRef(each)));
        const target = targetOf('mapping', mappingRef(each));
        states.set(target, state);
        logs.set(target, await readChanges(store, target));
      }
    }, 300_000);
    afterAll(async () => {
      await testTable?.close();
      await running?.close();
    });

    test('make changes and run into conflicts', () => {
      const logged = [...logs.values()].flat().length;
      expect(applied.length).toBeGreaterThan(writers);
      expect(logged).toBeGreaterThan(applied.length);
    });

    test('find every change that was reported to them unchanged in the log', () => {
      const logged = new Map([...logs.values()].flat().map((change) => [change.id, change]));
      expect(applied.filter(({ id }) => logged.get(id) === undefined)).toEqual([]);
      expect(applied.map(({ id }) => logged.get(id))).toEqual(applied);
    });

    test('lose no update: the version of an entry is the number of its applied changes', () => {
      for (const [target, state] of states) {
        const versions = applied.filter((change) => change.target === target).map(({ version }) => version);
        expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_version, index) => index + 1));
        expect(state.version).toBe(versions.length);
      }
    });

    test('leave a log that tells which of its records were applied', async () => {
      const made = new Set(applied.map(({ id }) => id));
      const sample = [...logs.values()].flatMap((changes) => changes.slice(0, 3).concat(changes.slice(-3)));
      const fates: string[] = [];
      for (const each of sample) fates.push(must(await store.wasApplied(each)));
      expect(fates).toEqual(sample.map(({ id }) => (made.has(id) ? 'applied' : 'not_applied')));
    });

    test('leave applied records that replay to exactly the table', () => {
      for (const [target, state] of states) {
        const byId = new Map((logs.get(target) ?? []).map((change) => [change.id, change]));
        const chain: ChangeRecord[] = [];
        for (let id = state.state === 'absent' ? undefined : state.changeId; id !== undefined;) {
          const change: ChangeRecord = byId.get(id)!;
          chain.unshift(change);
          id = change.previous;
        }
        let table: unknown;
        for (const change of chain) {
          if (change.kind !== 'mapping') throw new Error(change.kind);
          // Each saw what the one before it had left: nothing came in between, and nothing came back to life.
          expect(change.before).toEqual(table);
          expect(change.action).toBe(actionOf(table, change.after));
          table = change.after;
        }
        expect(table).toEqual(state.state === 'live' ? state.record : undefined);
      }
    });

    test('leave only their entries and the log in the table', async () => {
      const items = await scanAll(testTable);
      const own = items.filter(({ pk }) => !String(pk).startsWith('CHANGES#'));
      expect(own).toHaveLength(entries.length);
      const made = new Set<unknown>(applied.map(({ id }) => id));
      expect(own.filter(({ changeId }) => !made.has(changeId))).toEqual([]);
      expect(items.length - own.length).toBe([...logs.values()].flat().length);
    });
  });
});

async function scanAll({ client, table }: TestTable): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client }, { TableName: table })) {
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  }
  return items;
}

function actionOf(before: unknown, after: unknown): string {
  if (after === undefined) return 'delete';
  return before === undefined ? 'create' : 'update';
}
