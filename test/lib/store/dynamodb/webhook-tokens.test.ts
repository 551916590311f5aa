/** Webhook tokens, on every engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable, rawItem } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { cluster, tokenHash } from '../../../fixtures/records.ts';
import { must, put } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

const alice = 'arn:aws:iam::111122223333:role/alice';
const by = { actor: alice };

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('webhook tokens', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    test('a webhook token is created for an existing cluster and logged without its hash', async () => {
      await put(store, 'cluster', { id: 'hooked' }, cluster('hooked'));
      const made = must(await store.createWebhookToken('hooked', tokenHash('d'), by));
      if (!made.applied) throw new Error(made.conflict);
      expect(made.token).toMatchObject({ hash: tokenHash('d'), createdBy: alice });
      const removed = must(await store.deleteWebhookToken('hooked', made.token.id, by));
      if (!removed.applied) throw new Error(removed.conflict);
      for (const { change } of [made, removed]) {
        const logged = must(await store.readChange(change.id));
        expect(logged).toEqual(change);
        expect(must(await store.wasApplied(change))).toBe('applied');
        expect(JSON.stringify(logged)).not.toContain('sha256');
      }
      expect(
        JSON.stringify(await rawItem(table, { pk: 'CLUSTER#hooked', sk: `WEBHOOK#${made.token.id}` })),
      ).not.toContain('sha256');
    });
    test('a webhook token of an absent cluster, or an absent token, is missing', async () => {
      expect(must(await store.createWebhookToken('nowhere', tokenHash('e'), by))).toMatchObject({
        conflict: 'missing',
      });
      expect(must(await store.deleteWebhookToken('nowhere', 'x', by))).toMatchObject({
        conflict: 'missing',
      });
    });
  });
});
