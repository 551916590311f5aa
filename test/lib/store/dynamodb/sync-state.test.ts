/** What group sync keeps beside its lease: runs and scopes, on every engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalDynamoDb } from '../../../../dev/server/dynamodb.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createTestTable } from '../../../fixtures/dynamodb.ts';
import type { TestTable } from '../../../fixtures/dynamodb.ts';
import { allPages, must } from '../../../fixtures/store-writes.ts';
import { engines } from '../../../fixtures/store-engines.ts';

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined)('runs and scopes of group sync', () => {
    let table: TestTable;
    let store: Store;
    let now: number;

    beforeAll(async () => void (table = await createTestTable(running.endpoint)));
    afterAll(() => table?.close());
    beforeEach(() => {
      now = Date.now();
      store = table.store({ clock: () => now });
    });

    test('runs of group sync are listed newest first and replaced by id', async () => {
      const run = (id: string) => ({
        id,
        state: 'running' as const,
        dryRun: false,
        requestedBy: 'schedule',
        startedAt: new Date(now).toISOString(),
        written: 0,
        bindings: [],
      });
      for (const id of ['01A', '01B', '01C']) must(await store.putRun(run(id)));
      must(await store.putRun({ ...run('01B'), state: 'done', written: 3 }));
      expect(must(await store.readRun('01B'))).toMatchObject({ state: 'done', written: 3 });
      expect(must(await store.readRun('01D'))).toBeUndefined();
      expect((await allPages((page) => store.listRuns(page), 2)).map(({ id }) => id)).toEqual([
        '01C',
        '01B',
        '01A',
      ]);
    });

    test('the scopes that group sync has written to are kept until they are removed', async () => {
      const lease = (fence: number) => ({ runId: `run-${fence}`, fence, expiresAt: now + 1000 });
      const scopes = async () => must(await store.readSyncedScopes());
      expect(must(await store.addSyncedScope('all', lease(1)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(1)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(2)))).toBe('noted');
      expect(must(await store.addSyncedScope('cluster/demo', lease(1)))).toBe('lease_lost');
      expect(await scopes()).toEqual([
        { scope: 'all', fence: 1 },
        { scope: 'cluster/demo', fence: 2 },
      ]);
      must(await store.removeSyncedScope({ scope: 'all', fence: 1 }));
      expect(await scopes()).toEqual([{ scope: 'cluster/demo', fence: 2 }]);
      expect(must(await store.addSyncedScope('all', lease(2)))).toBe('noted');
      expect(await scopes()).toHaveLength(2);
    });

    test('a synced scope that was noted again since it was read is not removed', async () => {
      const scope = 'cluster/noted-again';
      const lease = (fence: number) => ({ runId: `run-${fence}`, fence, expiresAt: now + 1000 });
      must(await store.addSyncedScope(scope, lease(1)));
      const read = must(await store.readSyncedScopes()).find((synced) => synced.scope === scope);
      must(await store.addSyncedScope(scope, lease(2)));
      must(await store.removeSyncedScope(read!));
      expect(must(await store.readSyncedScopes())).toContainEqual({ scope, fence: 2 });
    });
  });
});
