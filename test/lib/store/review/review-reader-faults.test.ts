/**
 * How every adapter of the review path's read port fails, on every engine: unavailable, never incomplete. The proxy
 * between adapter and engine injects the faults.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { mappingKey } from '../../../../lib/store/layout/keys.ts';
import type { Fault } from '../../../fixtures/dynamodb-proxy.ts';
import { cluster, mapping, mappingRef } from '../../../fixtures/records.ts';
import { must, put } from '../../../fixtures/store-writes.ts';
import { aliceOnly, describeEveryReader, soon } from './reader-fixture.ts';

const throttle: Fault = {
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: '' },
};

describeEveryReader((at) => {
  describe('the read is unavailable, never incomplete, if the table holds', () => {
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
      'whose record has another scope than its key': {
        ...good,
        record: mapping('broken', { scope: 'all' }),
      },
      'with two principals in one record': {
        ...good,
        record: { ...mapping('broken'), principal: { arn: 'arn:x', accountId: '1' } },
      },
      'without a version': { ...good, version: undefined },
      'with text for a version': { ...good, version: '1' },
      'without a change id': { ...good, changeId: undefined },
    };
    test.each(Object.keys(damages))('an item %s', async (name) => {
      const Item = marshall(damages[name], { removeUndefinedValues: true });
      await at.testTable.client.send(new PutItemCommand({ TableName: at.testTable.table, Item }));
      const result = await at.reader.readEntries(
        { mappings: [ref, ...aliceOnly.mappings], denials: [] },
        soon(),
      );
      expect(result).toMatchObject({
        ok: false,
        failure: { outcome: 'unavailable', code: 'store_unavailable' },
      });
    });
    test('a damaged webhook token of the cluster', async () => {
      await put(at.store, 'cluster', { id: 'cracked' }, cluster('cracked'));
      const Item = marshall({ ...good, pk: 'CLUSTER#cracked', sk: 'WEBHOOK#1', record: { hash: 'md5:1' } });
      await at.testTable.client.send(new PutItemCommand({ TableName: at.testTable.table, Item }));
      expect(await at.reader.readCluster('cracked', soon())).toMatchObject({
        failure: { code: 'store_unavailable' },
      });
    });
  });

  describe('after a fault', () => {
    const read = () => at.reader.readEntries(aliceOnly, soon());
    const expectAlice = async () => expect(must(await read()).mappings).toHaveLength(1);
    const expectUnavailable = async () =>
      expect(await read()).toMatchObject({
        ok: false,
        failure: { outcome: 'unavailable', code: 'store_unavailable' },
      });

    const passing: Record<string, Fault> = {
      'a ProvisionedThroughputExceededException': throttle,
      'a ThrottlingException': { status: 400, body: { __type: 'x#ThrottlingException' } },
      'a server error': { status: 500, body: { __type: 'x#InternalServerError' } },
      'a connection that is reset': 'reset',
      'a truncated answer': 'truncate',
    };
    test.each(Object.keys(passing))('that happens once, %s, the read is retried', async (name) => {
      at.proxy.onCall((_call, index) => (index === 0 ? passing[name] : undefined));
      await expectAlice();
      expect(at.proxy.calls).toHaveLength(2);
    });
    test.each(Object.keys(passing))(
      'that persists, %s, the read is unavailable after three attempts',
      async (name) => {
        at.proxy.onCall(() => passing[name]);
        await expectUnavailable();
        // A kept-alive socket that is reset may be repeated at once, beside the three attempts.
        expect(at.proxy.calls.length).toBeLessThanOrEqual(4);
      },
    );

    test('that is a refusal, the read is not retried and its cause omits the message', async () => {
      at.proxy.onCall(() => ({
        status: 400,
        body: { __type: 'x#AccessDeniedException', message: 'AKIALOCALTEST0000001 may not' },
      }));
      expect(await read()).toMatchObject({ failure: { data: { cause: 'AccessDeniedException' } } });
      expect(at.proxy.calls).toHaveLength(1);
    });
    test.each(['<html>', '[]', '{}', '{"Responses": []}', 'null', '{"Responses": {"t": [{"pk": "x"}]}}'])(
      'that is the malformed answer %s, the read is unavailable',
      async (raw) => {
        at.proxy.onCall(() => ({ status: 200, raw }));
        expect(await read()).toMatchObject({ failure: { code: 'store_unavailable' } });
      },
    );
    test('that is a missing answer, the read is unavailable as soon as the caller aborts', async () => {
      at.proxy.onCall(() => 'hang');
      const began = Date.now();
      expect(await at.reader.readEntries(aliceOnly, AbortSignal.timeout(200))).toMatchObject({
        failure: { code: 'store_unavailable' },
      });
      expect(Date.now() - began).toBeLessThan(900);
    });
    test('that is an aborted signal, the read is unavailable and sends nothing', async () => {
      expect(await at.reader.readCluster('demo', AbortSignal.abort())).toMatchObject({
        failure: { code: 'store_unavailable' },
      });
      expect(at.proxy.calls).toHaveLength(0);
    });
  });

  describe('unprocessed keys of a BatchGetItem', () => {
    const lookup = {
      mappings: ['alice', 'erin', 'frank'].map((name) => mappingRef(mapping(name))),
      denials: [],
    };

    /** Leaves the last key of a call unprocessed, for the first `rounds` calls. */
    const leaveOne = (rounds: number): void => {
      let count = 0;
      at.proxy.onAnswer((call, answer) => {
        const items = call.input['RequestItems'] as Record<string, { Keys: Record<string, { S: string }>[] }>;
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
        await put(at.store, 'mapping', mappingRef(mapping(name)), mapping(name));
    });

    test('are requested again, without the others and strongly consistent', async () => {
      leaveOne(2);
      const entries = must(await at.reader.readEntries(lookup, soon()));
      expect(new Set(entries.mappings.map(({ username }) => username))).toEqual(
        new Set(['alice', 'erin', 'frank']),
      );
      const sent = at.proxy.calls.map(({ input }) => Object.values(input['RequestItems'] as object)[0]);
      expect(sent.map(({ Keys }) => Keys.length)).toEqual([3, 1, 1]);
      expect(sent.every(({ ConsistentRead }) => ConsistentRead === true)).toBe(true);
    });
    test('make the read unavailable, never not mapped, if they remain after the retries', async () => {
      leaveOne(Number.POSITIVE_INFINITY);
      expect(await at.reader.readEntries(lookup, soon())).toMatchObject({
        failure: { code: 'store_unavailable', data: { cause: 'keys left unprocessed' } },
      });
      expect(at.proxy.calls).toHaveLength(5);
    });
  });
});
