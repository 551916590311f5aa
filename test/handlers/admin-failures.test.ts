import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAdminLog } from '../../lib/admin/api/log.ts';
import { createStartSync } from '../../lib/admin/start-sync.ts';
import { unavailable } from '../../lib/errors.ts';
import { parseSyncEvent } from '../../lib/sync/run.ts';
import type { Store } from '../../lib/store/ports.ts';
import { adminsSetting, callers, createAdminFixture, eventOf } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, EventShape } from '../fixtures/admin-fixture.ts';
import { capture } from '../fixtures/capture.ts';
import { createTestTable, localCredentials, localRegion } from '../fixtures/dynamodb.ts';
import type { TestTable } from '../fixtures/dynamodb.ts';

describe('a failure is answered as a problem without internal details', () => {
  const failing = async (fields: (store: Store) => Partial<Store>): Promise<AdminFixture> =>
    createAdminFixture({ store: (store) => ({ ...store, ...fields(store) }) });

  test('a table that cannot be read is answered with 503', async () => {
    const fixture = await failing(() => ({
      listClusters: async () => unavailable('store_unavailable', { cause: 'throttled' }),
    }));
    try {
      const answer = await fixture.ask({ method: 'GET', path: '/v1/clusters' });
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'store_unavailable', detail: expect.stringContaining('throttled') },
      });
    } finally {
      await fixture.close();
    }
  });

  test('an unexpected error is answered with 500, and only the log names its place', async () => {
    const fixture = await failing(() => ({
      listClusters: () => {
        throw new TypeError('the secret is hunter2');
      },
    }));
    try {
      const answer = await fixture.ask({ method: 'GET', path: '/v1/clusters' });
      expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
      expect(fixture.log.at(-1)?.thrown).toMatchObject({ name: 'TypeError' });
      expect(JSON.stringify([answer.body, fixture.log])).not.toContain('hunter2');
    } finally {
      await fixture.close();
    }
  });

  test('a write that loses a race is answered with 409, or with 412 if it has If-Match', async () => {
    const fixture = await failing((store) => ({
      put: async (current, record, by) => {
        await store.put(current, record, { actor: 'somebody else' });
        return store.put(current, record, by);
      },
    }));
    try {
      const put = { method: 'PUT', path: '/v1/sets/a', body: { description: 'x' } };
      expect(await fixture.ask(put)).toMatchObject({ status: 409, body: { code: 'already_exists' } });
      const again = { ...put, body: { description: 'y' } };
      expect(await fixture.ask(again)).toMatchObject({ status: 409, body: { code: 'write_conflict' } });
      const conditional = { ...put, body: { description: 'z' }, headers: { 'If-Match': '"2"' } };
      expect(await fixture.ask(conditional)).toMatchObject({
        status: 412,
        body: { code: 'version_mismatch' },
      });
    } finally {
      await fixture.close();
    }
  });
});

describe('the start of a sync run', () => {
  const request = {
    runId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    requestedBy: callers.admin,
    dryRun: true,
    only: ['a'],
    force: false,
  };

  test('the start of a sync run calls the sync function asynchronously with a payload that it accepts', async () => {
    const sent: { FunctionName?: string; InvocationType?: string; Payload?: string }[] = [];
    const client = { send: async ({ input }: { input: object }) => void sent.push(input) };
    await createStartSync({ region: 'eu-central-1', functionName: 'sync', client: client as never })(request);
    expect(sent).toMatchObject([{ FunctionName: 'sync', InvocationType: 'Event' }]);
    expect(parseSyncEvent(JSON.parse(sent[0]!.Payload!))).toEqual(request);
  });

  test('the start of a sync run fails if no function is configured', async () => {
    await expect(
      createStartSync({ region: 'eu-central-1', functionName: undefined })(request),
    ).rejects.toThrow('COUNTERSIGN_SYNC_FUNCTION');
  });
});

describe('the log of the admin API', () => {
  const event = {
    actor: 'a',
    method: 'GET',
    operation: 'getInfo',
    status: 200,
    code: undefined,
    duration: 1,
  };
  test.each([
    ['info', 200, 1],
    ['warn', 200, 0],
    ['warn', 403, 1],
    ['error', 403, 0],
    ['error', 503, 1],
  ] as const)('at %s, a %i leaves %i line', (level, status, lines) => {
    const written: string[] = [];
    createAdminLog(level, (line) => void written.push(line))({ ...event, status });
    expect(written.map((line) => JSON.parse(line) as object)).toHaveLength(lines);
  });
});

describe('functions/admin.ts, with its real adapters', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await createTestTable();
  });
  afterAll(async () => {
    await table.close();
  });
  beforeEach(() => {
    vi.resetModules();
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      capture(String(text));
      return true;
    });
  });
  const setEnvironment = (environment: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  };
  const settings = (): Readonly<Record<string, string>> => ({
    COUNTERSIGN_TABLE: table.table,
    COUNTERSIGN_ADMINS: adminsSetting,
    AWS_REGION: localRegion,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  });

  test.each<EventShape>(['rest', 'function-url'])('from a %s event to DynamoDB and back', async (shape) => {
    setEnvironment(settings());
    const { handler } = await import('../../functions/admin.ts');
    const put = { method: 'PUT', path: `/v1/sets/${shape}`, body: {} };
    expect(await handler(eventOf(shape, put))).toMatchObject({ statusCode: 201 });
    expect(await handler(eventOf(shape, { ...put, caller: callers.auditor }))).toMatchObject({
      statusCode: 403,
    });
    expect(await handler(eventOf(shape, { ...put, caller: null }))).toMatchObject({ statusCode: 401 });
  });

  test('a sync run that cannot be started is recorded as failed and answered with a problem', async () => {
    setEnvironment(settings());
    const { handler } = await import('../../functions/admin.ts');
    const answer = await handler(eventOf('rest', { method: 'POST', path: '/v1/group-sync/runs' }));
    expect(answer).toMatchObject({ statusCode: 503, body: expect.stringContaining('sync_not_started') });
    const runs = await handler(eventOf('rest', { method: 'GET', path: '/v1/group-sync/runs' }));
    expect(JSON.parse(runs.body)).toMatchObject({ items: [{ state: 'failed' }] });
  });

  test('a cold start fails at an invalid setting and names every problem', async () => {
    setEnvironment({
      ...settings(),
      COUNTERSIGN_TABLE: '',
      COUNTERSIGN_ADMINS: '{"x": "admin", "y": 1}',
      COUNTERSIGN_SYNC_FUNCTION: 'a b',
    });
    await expect(import('../../functions/admin.ts')).rejects.toThrow(
      /COUNTERSIGN_TABLE is missing.*COUNTERSIGN_ADMINS: x is not.*COUNTERSIGN_ADMINS: y is not.*COUNTERSIGN_SYNC_FUNCTION must be/,
    );
  });
});
