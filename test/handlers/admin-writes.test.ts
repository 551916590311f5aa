/** A write: authorized once, verified after that, with one read of its key; and the delete of what cannot be read. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mappingId } from '../../lib/records/mapping.ts';
import { clusterKey, mappingKey, webhookTokenKey } from '../../lib/store/layout/keys.ts';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked } from '../fixtures/admin-fixture.ts';
import { mapping, mappingRef, roleArn } from '../fixtures/records.ts';
import { damageRecord } from '../fixtures/unreadable-items.ts';

const alice = mappingRef(mapping('alice'));
const aliceId = mappingId(alice);
const input = (name: string, scope = 'cluster/demo'): object => ({
  scope,
  principal: { arn: roleArn(name) },
  username: name,
  groups: ['system:masters'],
});

describe('a write of the admin API', () => {
  let fixture: AdminFixture;
  let reads: string[];
  beforeEach(async () => {
    reads = [];
    fixture = await createAdminFixture({
      store: (store) => ({
        ...store,
        read: async (kind, ref, signal) => {
          reads.push(`${kind} ${JSON.stringify(ref)}`);
          return store.read(kind, ref, signal);
        },
      }),
    });
    await askOk(fixture, { method: 'PUT', path: '/v1/sets/prod', body: {} });
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/demo', body: { sets: ['prod'] } });
    for (const name of ['alice', 'bob']) {
      await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: input(name) });
    }
    reads = [];
  });
  afterEach(() => fixture.close());

  const denial = { principalId: 'AROAEXAMPLE0000000001', reason: 'left' };
  const binding = { iamGroup: 'arn:aws:iam::111122223333:group/Dev', scope: 'set/prod', groups: ['dev'] };
  test.each<Asked>([
    { method: 'PUT', path: '/v1/clusters/demo', body: { description: 'x' } },
    { method: 'PUT', path: '/v1/sets/prod', body: { description: 'x' } },
    { method: 'PUT', path: `/v1/mappings/${aliceId}`, body: { username: 'a', groups: ['system:masters'] } },
    { method: 'DELETE', path: `/v1/mappings/${aliceId}` },
    { method: 'POST', path: '/v1/denials', body: denial },
    { method: 'PUT', path: '/v1/group-bindings/dev', body: binding },
    { method: 'DELETE', path: '/v1/clusters/demo', query: { dryRun: 'true', force: 'true' } },
  ])('$method $path reads each key at most once', async (asked) => {
    await askOk(fixture, asked);
    expect(reads.length).toBeGreaterThan(0);
    expect(reads).toEqual([...new Set(reads)]);
  });

  test.each<[string, Asked]>([
    ['the scope of a mapping', { method: 'POST', path: '/v1/mappings', body: input('eve', 'cluster/none') }],
    ['the sets of a cluster', { method: 'PUT', path: '/v1/clusters/own', body: { sets: ['none'] } }],
  ])('an operator who may not write does not learn whether %s exists', async (_name, asked) => {
    const answer = await fixture.ask({ ...asked, caller: callers.operator });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  test('the delete of a set or a cluster that is outdated and not empty is refused as outdated', async () => {
    await askOk(fixture, { method: 'PUT', path: '/v1/sets/used', body: {} });
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/member', body: { sets: ['used'] } });
    for (const path of ['/v1/sets/used', '/v1/clusters/demo']) {
      const asked = { method: 'DELETE', path } as const;
      expect(await fixture.ask(asked)).toMatchObject({ status: 409, body: { code: 'not_empty' } });
      const outdated = await fixture.ask({ ...asked, headers: { 'If-Match': '"7"' } });
      expect(outdated).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    }
  });

  test('the forced delete of a cluster in another version deletes no mapping', async () => {
    const answer = await fixture.ask({
      method: 'DELETE',
      path: '/v1/clusters/demo',
      query: { force: 'true' },
      headers: { 'If-Match': '"7"' },
    });
    expect(answer).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    const { items } = await askOk(fixture, { method: 'GET', path: '/v1/mappings' });
    expect(items.map(({ username }: AnyJson) => username)).toEqual(['alice', 'bob']);
  });

  describe.each([
    ['mapping', `/v1/mappings/${aliceId}`, mappingKey(alice)],
    ['cluster', '/v1/clusters/demo', clusterKey('demo')],
  ] as const)('the delete of a damaged %s', (_kind, path, key) => {
    beforeEach(() => damageRecord(fixture.table, key));
    const force = { force: 'true' };

    test('is refused without force', async () => {
      expect(await fixture.ask({ method: 'DELETE', path })).toMatchObject({
        status: 503,
        body: { code: 'store_unavailable' },
      });
    });

    test('is refused to an operator', async () => {
      const answer = await fixture.ask({ method: 'DELETE', path, query: force, caller: callers.operator });
      expect(answer.status).toBe(403);
    });

    test('with dryRun deletes nothing', async () => {
      const query = { ...force, dryRun: 'true' };
      expect(await askOk(fixture, { method: 'DELETE', path, query })).toEqual({
        dryRun: true,
        action: 'delete',
      });
      expect((await fixture.ask({ method: 'GET', path })).status).toBe(503);
    });

    test('deletes it for an admin with force', async () => {
      expect((await fixture.ask({ method: 'DELETE', path, query: force })).status).toBe(204);
      expect((await fixture.ask({ method: 'GET', path })).status).toBe(404);
    });
  });

  test('a damaged webhook token is deleted by its id, with force', async () => {
    const path = '/v1/clusters/demo/webhook-tokens';
    const { id } = await askOk(fixture, { method: 'POST', path });
    await damageRecord(fixture.table, webhookTokenKey('demo', id));
    expect((await fixture.ask({ method: 'DELETE', path: `${path}/${id}` })).status).toBe(503);
    const query = { force: 'true' };
    expect((await fixture.ask({ method: 'DELETE', path: `${path}/${id}`, query })).status).toBe(204);
    expect(await askOk(fixture, { method: 'GET', path })).toEqual({ items: [] });
  });
});
