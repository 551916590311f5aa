/**
 * What every adapter of the review path's read port does, on every engine: complete and strongly consistent, or
 * unavailable. The proxy between adapter and engine shows what went over the wire, and puts faults on it.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LocalDynamoDb } from '../../dev/server/dynamodb.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReviewReader } from '../../lib/store/review/dynamodb-http.ts';
import { mappingKey } from '../../lib/store/layout/keys.ts';
import type { ReviewReader, Store } from '../../lib/store/ports.ts';
import { createTestTable, localCredentials, localRegion } from '../fixtures/dynamodb.ts';
import type { TestTable } from '../fixtures/dynamodb.ts';
import { startDynamoDbProxy } from '../fixtures/dynamodb-proxy.ts';
import type { DynamoDbProxy, Fault } from '../fixtures/dynamodb-proxy.ts';
import { cluster, denial, denialRefOf, mapping, mappingRef, tokenHash } from '../fixtures/records.ts';
import { must, mustApply, put, remove } from '../fixtures/store-writes.ts';
import { engines } from './engines.ts';

const adapters = ['signed client', 'AWS SDK'] as const;
const by = { actor: 'admin' };
const soon = (): AbortSignal => AbortSignal.timeout(10_000);

const throttle: Fault = {
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: '' },
};

describe.each(engines)('on $name', (engine) => {
  let running: LocalDynamoDb;
  beforeAll(async () => {
    if (engine.missing === undefined) running = await engine.start();
  });
  afterAll(() => running?.close());

  describe.skipIf(engine.missing !== undefined).each(adapters)('the read port by the %s', (adapter) => {
    let test: TestTable;
    let proxy: DynamoDbProxy;
    let store: Store;
    let reader: ReviewReader;

    beforeAll(async () => {
      test = await createTestTable(running.endpoint);
      proxy = await startDynamoDbProxy(test.endpoint);
      store = test.store();
      reader =
        adapter === 'AWS SDK'
          ? test.store({ endpoint: proxy.endpoint })
          : createReviewReader({
              table: test.table,
              region: localRegion,
              endpoint: proxy.endpoint,
              credentials: async () => localCredentials,
              clock: Date.now,
            });
      await put(store, 'cluster', { id: 'demo' }, cluster('demo'));
      await put(store, 'mapping', mappingRef(mapping('alice')), mapping('alice'));
    });
    afterAll(async () => {
      await proxy?.close();
      await test?.close();
    });
    beforeEach(() => proxy.reset());

    const aliceOnly = { mappings: [mappingRef(mapping('alice'))], denials: [] };

    describe('clusters', () => {
      it('are undefined where there are none', async () => {
        expect(must(await reader.readCluster('nowhere', soon()))).toBeUndefined();
      });

      it('come with their live webhook tokens, by one strongly consistent Query', async () => {
        await put(store, 'cluster', { id: 'blue' }, cluster('blue', { sets: ['prod'], description: 'Blue' }));
        const kept = must(await store.createWebhookToken('blue', tokenHash('a'), by));
        const gone = must(await store.createWebhookToken('blue', tokenHash('b'), by));
        if (!kept.applied || !gone.applied) throw new Error('no tokens');
        must(await store.deleteWebhookToken('blue', gone.token.id, by));

        const found = must(await reader.readCluster('blue', soon()));

        expect(found?.cluster).toMatchObject({
          ...cluster('blue'),
          sets: ['prod'],
          description: 'Blue',
          version: 1,
        });
        expect(found?.webhookTokens).toEqual([kept.token]);
        expect(proxy.calls.map(({ operation, input }) => [operation, input['ConsistentRead']])).toEqual([
          ['Query', true],
        ]);
      });

      it('are gone once deleted, and come back without the tokens that they had', async () => {
        await put(store, 'cluster', { id: 'green' }, cluster('green'));
        must(await store.createWebhookToken('green', tokenHash('c'), by));
        await remove(store, 'cluster', { id: 'green' });
        expect(must(await reader.readCluster('green', soon()))).toBeUndefined();

        await put(store, 'cluster', { id: 'green' }, cluster('green'));
        const found = must(await reader.readCluster('green', soon()));
        expect(found).toMatchObject({ cluster: { id: 'green', version: 3 }, webhookTokens: [] });
      });

      it('are read to the last page', async () => {
        await put(store, 'cluster', { id: 'large' }, cluster('large'));
        const padding = 'x'.repeat(190_000);
        for (let index = 0; index < 5; index += 1) {
          must(await store.createWebhookToken('large', tokenHash(String(index)), { actor: padding }));
        }
        const found = must(await reader.readCluster('large', soon()));
        expect(found?.webhookTokens.map(({ hash }) => hash)).toEqual(
          ['0', '1', '2', '3', '4'].map(tokenHash),
        );
        expect(proxy.calls.length).toBeGreaterThan(1);
        expect(proxy.calls.every(({ input }) => input['ConsistentRead'] === true)).toBe(true);
      });
    });

    describe('entries', () => {
      it('are those that were asked for and exist, by one strongly consistent BatchGetItem', async () => {
        const [wide, sync] = [mapping('bob', { scope: 'all' }), mapping('bob', { owner: 'group-sync' })];
        const other = mapping('bob', { scope: 'set/prod' });
        for (const each of [wide, sync, other]) await put(store, 'mapping', mappingRef(each), each);
        await put(store, 'denial', denialRefOf('bob', 'mallory'), denial('bob', 'mallory'));

        const entries = must(
          await reader.readEntries(
            {
              mappings: [wide, sync, mapping('nobody')].map(mappingRef),
              denials: [denialRefOf('bob'), denialRefOf('bob', 'mallory')],
            },
            soon(),
          ),
        );

        expect(new Set(entries.mappings.map(({ scope, owner }) => `${scope} ${owner}`))).toEqual(
          new Set(['all manual', 'cluster/demo group-sync']),
        );
        expect(entries.denials).toMatchObject([{ sessionName: 'mallory', reason: 'left the company' }]);
        expect(proxy.calls.map(({ operation }) => operation)).toEqual(['BatchGetItem']);
        const [request] = Object.values(
          proxy.calls[0]!.input['RequestItems'] as Record<
            string,
            { ConsistentRead: boolean; Keys: unknown[] }
          >,
        );
        expect(request).toMatchObject({ ConsistentRead: true });
        expect(request?.Keys).toHaveLength(5);
      });

      it('carry all that was written', async () => {
        const full = mapping('carol', {
          owner: 'group-sync',
          groups: ['a', 'b'],
          expiresAt: '2030-01-01T00:00:00Z',
          principalId: 'AROAEXAMPLE',
          instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/node'],
          contributions: { devs: { username: 'x', groups: ['a', 'b'] } },
        });
        const { current } = await put(store, 'mapping', mappingRef(full), full);
        const entries = must(await reader.readEntries({ mappings: [mappingRef(full)], denials: [] }, soon()));
        expect(current.state === 'live' && current.stored).toEqual(entries.mappings[0]);
        expect(entries.mappings[0]).toMatchObject({ ...full, ...mappingRef(full), version: 1 });
      });

      it('do not include what was deleted', async () => {
        await put(store, 'mapping', mappingRef(mapping('dave')), mapping('dave'));
        await remove(store, 'mapping', mappingRef(mapping('dave')));
        const lookup = { mappings: [mappingRef(mapping('dave'))], denials: [] };
        expect(must(await reader.readEntries(lookup, soon()))).toEqual({ mappings: [], denials: [] });
      });

      it('asked for twice are read once; asked for none, nothing is sent', async () => {
        const ref = mappingRef(mapping('alice'));
        const twice = must(await reader.readEntries({ mappings: [ref, ref], denials: [] }, soon()));
        expect(twice.mappings).toHaveLength(1);
        proxy.reset();
        must(await reader.readEntries({ mappings: [], denials: [] }, soon()));
        expect(proxy.calls).toEqual([]);
      });

      it('beyond a hundred keys take a call for each hundred', async () => {
        const mappings = Array.from({ length: 150 }, (_, index) => mappingRef(mapping(`r${index}`)));
        must(
          await reader.readEntries(
            { mappings: [...mappings, mappingRef(mapping('alice'))], denials: [] },
            soon(),
          ),
        );
        expect(proxy.calls).toHaveLength(2);
      });
    });

    describe('an item that does not parse makes the answer unavailable, never shorter', () => {
      const ref = mappingRef(mapping('broken'));
      const good = {
        ...mappingKey(ref),
        version: 1,
        changeId: 'x',
        createdAt: '',
        createdBy: '',
        updatedAt: '',
        updatedBy: '',
        record: mapping('broken'),
      };
      const damages: Record<string, Record<string, unknown>> = {
        'without a record or a tombstone': { ...good, record: undefined },
        'with a record of another shape': { ...good, record: { ...mapping('broken'), groups: 'developers' } },
        'whose record is of another scope than its key': {
          ...good,
          record: mapping('broken', { scope: 'all' }),
        },
        'with two principals in one': {
          ...good,
          record: { ...mapping('broken'), principal: { arn: 'arn:x', accountId: '1' } },
        },
        'without a version': { ...good, version: undefined },
        'with text for a version': { ...good, version: '1' },
        'without a change id': { ...good, changeId: undefined },
      };
      it.each(Object.keys(damages))('%s', async (name) => {
        const Item = marshall(damages[name], { removeUndefinedValues: true });
        await test.client.send(new PutItemCommand({ TableName: test.table, Item }));
        const result = await reader.readEntries(
          { mappings: [ref, ...aliceOnly.mappings], denials: [] },
          soon(),
        );
        expect(result).toMatchObject({
          ok: false,
          failure: { outcome: 'unavailable', code: 'store_unavailable' },
        });
      });
      it('a cluster whose token is damaged', async () => {
        await put(store, 'cluster', { id: 'cracked' }, cluster('cracked'));
        const Item = marshall({ ...good, pk: 'CLUSTER#cracked', sk: 'WEBHOOK#1', record: { hash: 'md5:1' } });
        await test.client.send(new PutItemCommand({ TableName: test.table, Item }));
        expect(await reader.readCluster('cracked', soon())).toMatchObject({
          failure: { code: 'store_unavailable' },
        });
      });
    });

    describe('faults', () => {
      const read = () => reader.readEntries(aliceOnly, soon());
      const expectAlice = async () => expect(must(await read()).mappings).toHaveLength(1);
      const expectUnavailable = async () =>
        expect(await read()).toMatchObject({
          ok: false,
          failure: { outcome: 'unavailable', code: 'store_unavailable' },
        });

      const passing: Record<string, Fault> = {
        throttling: throttle,
        'a ThrottlingException': { status: 400, body: { __type: 'x#ThrottlingException' } },
        'an error of the server': { status: 500, body: { __type: 'x#InternalServerError' } },
        'a connection that is reset': 'reset',
        'an answer that is cut off': 'truncate',
      };
      it.each(Object.keys(passing))('%s, once: is tried again', async (name) => {
        proxy.onCall((_call, index) => (index === 0 ? passing[name] : undefined));
        await expectAlice();
        expect(proxy.calls).toHaveLength(2);
      });
      it.each(Object.keys(passing))('%s, always: unavailable after three attempts', async (name) => {
        proxy.onCall(() => passing[name]);
        await expectUnavailable();
        // A kept-alive socket that is reset may be repeated at once, beside the three attempts.
        expect(proxy.calls.length).toBeLessThanOrEqual(4);
      });

      it('a refusal is not tried again, and is named without its message', async () => {
        proxy.onCall(() => ({
          status: 400,
          body: { __type: 'x#AccessDeniedException', message: 'AKIALOCALTEST0000001 may not' },
        }));
        expect(await read()).toMatchObject({ failure: { data: { cause: 'AccessDeniedException' } } });
        expect(proxy.calls).toHaveLength(1);
      });
      it.each(['<html>', '[]', '{}', '{"Responses": []}', 'null', '{"Responses": {"t": [{"pk": "x"}]}}'])(
        'the answer %s: unavailable',
        async (raw) => {
          proxy.onCall(() => ({ status: 200, raw }));
          expect(await read()).toMatchObject({ failure: { code: 'store_unavailable' } });
        },
      );
      it('no answer: unavailable as soon as the caller gives up', async () => {
        proxy.onCall(() => 'hang');
        const began = Date.now();
        expect(await reader.readEntries(aliceOnly, AbortSignal.timeout(200))).toMatchObject({
          failure: { code: 'store_unavailable' },
        });
        expect(Date.now() - began).toBeLessThan(900);
      });
      it('a signal that is already aborted: unavailable, and nothing is sent', async () => {
        expect(await reader.readCluster('demo', AbortSignal.abort())).toMatchObject({
          failure: { code: 'store_unavailable' },
        });
        expect(proxy.calls).toHaveLength(0);
      });
    });

    describe('keys that DynamoDB leaves unprocessed', () => {
      const lookup = {
        mappings: ['alice', 'erin', 'frank'].map((name) => mappingRef(mapping(name))),
        denials: [],
      };

      /** Leaves the last key of every call to the next, for the first `rounds` calls. */
      const leaveOne = (rounds: number): void => {
        let count = 0;
        proxy.onAnswer((call, answer) => {
          const items = call.input['RequestItems'] as Record<
            string,
            { Keys: Record<string, { S: string }>[] }
          >;
          const [[table, { Keys: keys }]] = Object.entries(items) as [[string, (typeof items)[string]]];
          count += 1;
          if (count > rounds) return answer;
          const last = keys.at(-1)!;
          const found = (answer['Responses'] as Record<string, Record<string, { S: string }>[]>)[table]!;
          return {
            Responses: { [table]: found.filter((item) => item['pk']!.S !== last['pk']!.S) },
            UnprocessedKeys: { [table]: { ConsistentRead: true, Keys: [last] } },
          };
        });
      };

      beforeAll(async () => {
        for (const name of ['erin', 'frank'])
          await put(store, 'mapping', mappingRef(mapping(name)), mapping(name));
      });

      it('are asked for again, alone and strongly consistent', async () => {
        leaveOne(2);
        const entries = must(await reader.readEntries(lookup, soon()));
        expect(new Set(entries.mappings.map(({ username }) => username))).toEqual(
          new Set(['alice', 'erin', 'frank']),
        );
        const sent = proxy.calls.map(({ input }) => Object.values(input['RequestItems'] as object)[0]);
        expect(sent.map(({ Keys }) => Keys.length)).toEqual([3, 1, 1]);
        expect(sent.every(({ ConsistentRead }) => ConsistentRead === true)).toBe(true);
      });
      it('and still left after retries: unavailable, never not mapped', async () => {
        leaveOne(Number.POSITIVE_INFINITY);
        expect(await reader.readEntries(lookup, soon())).toMatchObject({
          failure: { code: 'store_unavailable', data: { cause: 'keys left unprocessed' } },
        });
        expect(proxy.calls).toHaveLength(5);
      });
    });

    it('a write is seen by the next read', async () => {
      const ref = mappingRef(mapping('grace'));
      for (let round = 1; round <= 10; round += 1) {
        await put(store, 'mapping', ref, mapping('grace', { username: `grace-${round}` }));
        const entries = must(await reader.readEntries({ mappings: [ref], denials: [] }, soon()));
        expect(entries.mappings[0]?.username).toBe(`grace-${round}`);
      }
      mustApply(await store.remove(must(await store.read('mapping', ref)), by));
      expect(must(await reader.readEntries({ mappings: [ref], denials: [] }, soon())).mappings).toEqual([]);
    });
  });
});
