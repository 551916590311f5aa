/** One item that is damaged or of a newer version: it is named, it blocks nothing but itself, and it can be deleted. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mappingId } from '../../lib/records/mapping.ts';
import { clusterKey, mappingKey, webhookTokenKey } from '../../lib/store/layout/keys.ts';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { rawItem } from '../fixtures/dynamodb.ts';
import { mapping, mappingRef, roleArn } from '../fixtures/records.ts';
import { damageBookkeeping, damageRecord, makeNewer } from '../fixtures/unreadable-items.ts';

const alice = mapping('alice');
const aliceKey = mappingKey(mappingRef(alice));
const aliceId = mappingId(mappingRef(alice));
const input = (name: string, scope = 'cluster/demo'): object => ({
  scope,
  principal: { arn: roleArn(name) },
  username: name,
  groups: ['system:masters'],
});
const plan = async (fixture: AdminFixture, state: object): Promise<AnyJson> =>
  askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });
const get = async (fixture: AdminFixture, path: string): Promise<AnyJson> =>
  askOk(fixture, { method: 'GET', path });

describe('an item that cannot be read', () => {
  let fixture: AdminFixture;
  beforeEach(async () => {
    fixture = await createAdminFixture();
    await askOk(fixture, { method: 'PUT', path: '/v1/sets/prod', body: {} });
    for (const id of ['demo', 'green']) {
      await askOk(fixture, { method: 'PUT', path: `/v1/clusters/${id}`, body: { partition: 'aws' } });
    }
    for (const name of ['alice', 'bob']) {
      await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: input(name) });
    }
  });
  afterEach(() => fixture.close());

  test('a list skips a damaged cluster and names its kind and key', async () => {
    await damageRecord(fixture.table, clusterKey('green'));
    const { items, unreadable } = await get(fixture, '/v1/clusters');
    expect(items.map(({ id }: AnyJson) => id)).toEqual(['demo']);
    expect(unreadable).toEqual([
      { kind: 'cluster', key: 'green', reason: expect.stringContaining('damaged') },
    ]);
  });

  test('the list of all mappings holds those of a damaged cluster, and names a damaged mapping', async () => {
    await damageRecord(fixture.table, clusterKey('demo'));
    await damageBookkeeping(fixture.table, aliceKey);
    const { items, unreadable } = await get(fixture, '/v1/mappings');
    expect(items.map(({ username }: AnyJson) => username)).toEqual(['bob']);
    expect(unreadable).toMatchObject([{ kind: 'mapping', key: aliceId }]);
  });

  test('the change log lists the changes of a damaged record, with an unknown outcome', async () => {
    await damageBookkeeping(fixture.table, aliceKey);
    const { items } = await get(fixture, '/v1/changes');
    const fates = Object.fromEntries(items.map(({ target, fate }: AnyJson) => [target, fate]));
    expect(fates).toMatchObject({ [`mapping/${aliceId}`]: 'unknown', 'cluster/demo': 'applied' });
  });

  test.each([
    ['a damaged cluster', async () => damageRecord(fixture.table, clusterKey('green'))],
    ['a damaged mapping', async () => damageRecord(fixture.table, aliceKey)],
    ['a mapping of a newer schema version', async () => makeNewer(fixture.table, aliceKey)],
  ] as const)('a denial of a mapped role is written in spite of %s', async (_name, damage) => {
    await damage();
    const body = { principal: { arn: roleArn('carol') }, reason: 'left' };
    await askOk(fixture, {
      method: 'POST',
      path: '/v1/mappings',
      body: { ...input('carol', 'all'), groups: ['x'] },
    });
    expect(await fixture.ask({ method: 'POST', path: '/v1/denials', body })).toMatchObject({
      status: 201,
      body: {
        warnings: expect.arrayContaining([expect.stringContaining('cannot be read, and the last-admin')]),
      },
    });
    const byId = { principalId: 'AROAEXAMPLE0000000001', reason: 'left' };
    expect(await fixture.ask({ method: 'POST', path: '/v1/denials', body: byId })).toMatchObject({
      status: 201,
    });
  });

  test('the last-admin guard counts a damaged mapping as no admin', async () => {
    await damageRecord(fixture.table, aliceKey);
    const body = { principal: { arn: roleArn('bob') }, reason: 'left' };
    expect(await fixture.ask({ method: 'POST', path: '/v1/denials', body })).toMatchObject({
      status: 409,
      body: { code: 'last_admin', clusters: ['demo'] },
    });
  });

  test('an access review names a damaged mapping, and shows that its principal would not be let in', async () => {
    await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: input('alice', 'all') });
    await damageRecord(fixture.table, aliceKey);
    const { items, unreadable } = await askOk(fixture, {
      method: 'GET',
      path: '/v1/access',
      query: { clusterId: 'demo' },
    });
    expect(unreadable).toMatchObject([{ kind: 'mapping', key: aliceId }]);
    const rows = items.map(({ principal, denied }: AnyJson) => [principal.arn, denied?.code]);
    expect(rows).toEqual([
      [roleArn('alice'), 'store_unavailable'],
      [roleArn('bob'), undefined],
    ]);
  });

  test('a mapping can be created in a damaged cluster, which exists', async () => {
    await damageRecord(fixture.table, clusterKey('demo'));
    expect(await fixture.ask({ method: 'POST', path: '/v1/mappings', body: input('carol') })).toMatchObject({
      status: 201,
    });
  });

  test('a set is not deleted while a damaged cluster may be in it', async () => {
    await damageRecord(fixture.table, clusterKey('green'));
    expect(await fixture.ask({ method: 'DELETE', path: '/v1/sets/prod' })).toMatchObject({
      status: 409,
      body: { code: 'not_empty', detail: expect.stringContaining('cluster green cannot be read') },
    });
  });

  test('a plan warns of damaged items, and neither creates nor deletes them', async () => {
    await damageRecord(fixture.table, aliceKey);
    await makeNewer(fixture.table, clusterKey('green'));
    const clusters = [{ id: 'demo', partition: 'aws' }];
    const planned = await plan(fixture, { clusters, mappings: [input('alice'), input('carol')] });
    expect(planned.creates.map(({ target }: AnyJson) => target)).toEqual([
      `mapping/${mappingId(mappingRef(mapping('carol')))}`,
    ]);
    expect(planned.deletes.map(({ target }: AnyJson) => target)).toEqual([
      `mapping/${mappingId(mappingRef(mapping('bob')))}`,
    ]);
    expect(planned.warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`mapping ${aliceId} cannot be read and is left as it is`),
        expect.stringContaining('cluster green cannot be read and is left as it is'),
      ]),
    );
  });

  test('apply reports a damaged entry of the desired state as failed, and writes and deletes the others', async () => {
    await damageRecord(fixture.table, aliceKey);
    const state = { mappings: [input('alice'), input('carol')] };
    const { fingerprint } = await plan(fixture, state);
    const applied = await askOk(fixture, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
    expect(applied).toMatchObject({
      applied: [
        `mapping/${mappingId(mappingRef(mapping('carol')))}`,
        `mapping/${mappingId(mappingRef(mapping('bob')))}`,
      ],
      failed: [{ target: `mapping/${aliceId}`, code: 'store_unavailable' }],
      pending: 0,
    });
  });

  test('a plan creates no webhook token of a damaged cluster', async () => {
    await damageRecord(fixture.table, clusterKey('green'));
    const clusters = ['demo', 'green'].map((id) => ({
      id,
      partition: 'aws',
      webhookTokenHashes: [`sha256:${'a'.repeat(64)}`],
    }));
    const { creates } = await plan(fixture, { clusters });
    expect(creates.map(({ target }: AnyJson) => target)).toEqual(['webhook-token/demo/aaaaaaaaaaaa']);
  });

  test('a damaged webhook token blocks only the tokens of its cluster: plan warns of it, and apply reports it', async () => {
    const token = await askOk(fixture, { method: 'POST', path: '/v1/clusters/green/webhook-tokens' });
    await damageRecord(fixture.table, webhookTokenKey('green', token.id));
    const webhookTokenHashes = [`sha256:${'a'.repeat(64)}`];
    const clusters = ['demo', 'green'].map((id) => ({ id, partition: 'aws', webhookTokenHashes }));
    const state = { clusters, mappings: [input('alice'), input('bob'), input('carol')] };
    const created = ['webhook-token/demo/aaaaaaaaaaaa', `mapping/${mappingId(mappingRef(mapping('carol')))}`];
    const { fingerprint, creates, warnings } = await plan(fixture, state);
    expect(creates.map(({ target }: AnyJson) => target)).toEqual(created);
    expect(warnings).toContainEqual(
      expect.stringContaining(`webhook-token green/${token.id} cannot be read and is left as it is`),
    );
    const applied = await askOk(fixture, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
    expect(applied).toMatchObject({
      applied: created,
      failed: [{ target: `webhook-token/green/${token.id}`, code: 'store_unavailable' }],
      pending: 0,
    });
  });

  describe.each([
    ['a damaged mapping', damageRecord, 'damaged'],
    ['a mapping with damaged bookkeeping', damageBookkeeping, 'damaged'],
    ['a mapping of a newer schema version', makeNewer, 'schema version 2'],
  ] as const)('%s', (_name, damage, reason) => {
    const path = `/v1/mappings/${aliceId}`;
    beforeEach(async () => damage(fixture.table, aliceKey));

    test.each([
      ['GET', undefined],
      ['PUT', input('alice')],
      ['DELETE', undefined],
    ])('%s is refused with kind, key and remedy', async (method, body) => {
      const asked = { method, path, ...(body === undefined ? {} : { body }) };
      const answer = await fixture.ask(asked);
      expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
      expect(answer.body.detail).toContain(`The mapping ${aliceId} cannot be read`);
      expect(answer.body.detail).toContain(reason);
      expect(answer.body.detail).not.toContain('try again');
    });

    test('DELETE with force by an admin leaves a tombstone, and the mapping can be created again', async () => {
      const forced = { method: 'DELETE', path, query: { force: 'true' } };
      const dryRun = { ...forced, query: { force: 'true', dryRun: 'true' } };
      expect(await fixture.ask(dryRun)).toMatchObject({ status: 200, body: { action: 'delete' } });
      expect(await fixture.ask({ ...forced, caller: callers.operator })).toMatchObject({ status: 403 });
      const outdated = { headers: { 'if-match': '"7"' } };
      for (const request of [dryRun, forced]) {
        expect(await fixture.ask({ ...request, ...outdated })).toMatchObject({
          status: 412,
          body: { code: 'version_mismatch' },
        });
      }
      expect(await fixture.ask(forced)).toMatchObject({ status: 204 });
      expect(await fixture.ask({ method: 'GET', path })).toMatchObject({ status: 404 });
      const { items } = await askOk(fixture, {
        method: 'GET',
        path: '/v1/changes',
        query: { target: `mapping/${aliceId}`, limit: '1' },
      });
      expect(items).toMatchObject([{ action: 'delete', fate: 'applied', actor: callers.admin }]);
      expect(items[0].note).toContain('Deleted with force without being read');
      expect(items[0]).not.toHaveProperty('before');
      expect(await fixture.ask({ method: 'POST', path: '/v1/mappings', body: input('alice') })).toMatchObject(
        {
          status: 201,
        },
      );
    });
  });

  test('DELETE with force of a damaged webhook token makes its cluster readable again', async () => {
    const path = '/v1/clusters/demo/webhook-tokens';
    const { id } = await askOk(fixture, { method: 'POST', path });
    await damageRecord(fixture.table, webhookTokenKey('demo', id));
    expect(await fixture.ask({ method: 'GET', path })).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining(`webhook-token demo/${id} cannot be read`) },
    });
    const forced = { method: 'DELETE', path: `${path}/${id}`, query: { force: 'true' } };
    expect(await fixture.ask(forced)).toMatchObject({ status: 204 });
    expect(await get(fixture, path)).toEqual({ items: [] });
  });

  test('DELETE with force revokes a webhook token although another one of its cluster is damaged', async () => {
    const path = '/v1/clusters/demo/webhook-tokens';
    const [leaked, damaged] = [
      await askOk(fixture, { method: 'POST', path }),
      await askOk(fixture, { method: 'POST', path }),
    ];
    await damageRecord(fixture.table, webhookTokenKey('demo', damaged.id));
    const forced = { method: 'DELETE', path: `${path}/${leaked.id}`, query: { force: 'true' } };
    expect(await fixture.ask({ ...forced, caller: callers.operator })).toMatchObject({ status: 403 });
    expect(await fixture.ask(forced)).toMatchObject({ status: 204 });
    expect(await rawItem(fixture.table, webhookTokenKey('demo', leaked.id))).toMatchObject({ deleted: true });
  });

  test('DELETE with force of a damaged cluster deletes its mappings, then the cluster', async () => {
    await damageRecord(fixture.table, clusterKey('demo'));
    const path = '/v1/clusters/demo';
    expect(await fixture.ask({ method: 'DELETE', path })).toMatchObject({ status: 503 });
    expect(await fixture.ask({ method: 'DELETE', path, query: { force: 'true' } })).toMatchObject({
      status: 204,
    });
    expect((await get(fixture, '/v1/clusters')).items.map(({ id }: AnyJson) => id)).toEqual(['green']);
    expect((await get(fixture, '/v1/mappings')).items).toEqual([]);
  });

  test('DELETE with force of a cluster deletes its mappings that cannot be read, so that none grants in a new one', async () => {
    await makeNewer(fixture.table, aliceKey);
    const path = '/v1/clusters/demo';
    expect(await fixture.ask({ method: 'DELETE', path })).toMatchObject({ status: 409 });
    expect(await fixture.ask({ method: 'DELETE', path, query: { force: 'true' } })).toMatchObject({
      status: 204,
    });
    expect(await rawItem(fixture.table, aliceKey)).toMatchObject({ deleted: true });
    await askOk(fixture, { method: 'PUT', path, body: { partition: 'aws' } });
    const { items, unreadable } = await get(fixture, '/v1/mappings');
    expect([items, unreadable]).toEqual([[], undefined]);
  });
});
