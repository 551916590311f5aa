/** One item that is damaged or of a newer version: it is named, it blocks nothing but itself, and it can be deleted. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mappingId } from '../../lib/records/mapping.ts';
import { clusterKey, mappingKey, webhookTokenKey } from '../../lib/store/layout/keys.ts';
import { callers, createAdminWorld, must } from '../fixtures/admin-world.ts';
import type { AdminWorld, AnyJson } from '../fixtures/admin-world.ts';
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
const plan = async (world: AdminWorld, state: object): Promise<AnyJson> =>
  must(world, { method: 'POST', path: '/v1/plan', body: state });
const get = async (world: AdminWorld, path: string): Promise<AnyJson> => must(world, { method: 'GET', path });

describe('an item that cannot be read', () => {
  let world: AdminWorld;
  beforeEach(async () => {
    world = await createAdminWorld();
    await must(world, { method: 'PUT', path: '/v1/sets/prod', body: {} });
    for (const id of ['demo', 'green']) {
      await must(world, { method: 'PUT', path: `/v1/clusters/${id}`, body: { partition: 'aws' } });
    }
    for (const name of ['alice', 'bob']) {
      await must(world, { method: 'POST', path: '/v1/mappings', body: input(name) });
    }
  });
  afterEach(() => world.close());

  test('a list skips a damaged cluster and names its kind and key', async () => {
    await damageRecord(world.table, clusterKey('green'));
    const { items, unreadable } = await get(world, '/v1/clusters');
    expect(items.map(({ id }: AnyJson) => id)).toEqual(['demo']);
    expect(unreadable).toEqual([
      { kind: 'cluster', key: 'green', reason: expect.stringContaining('damaged') },
    ]);
  });

  test('the list of all mappings holds those of a damaged cluster, and names a damaged mapping', async () => {
    await damageRecord(world.table, clusterKey('demo'));
    await damageBookkeeping(world.table, aliceKey);
    const { items, unreadable } = await get(world, '/v1/mappings');
    expect(items.map(({ username }: AnyJson) => username)).toEqual(['bob']);
    expect(unreadable).toMatchObject([{ kind: 'mapping', key: aliceId }]);
  });

  test('the change log lists the changes of a damaged record, with an unknown outcome', async () => {
    await damageBookkeeping(world.table, aliceKey);
    const { items } = await get(world, '/v1/changes');
    const fates = Object.fromEntries(items.map(({ target, fate }: AnyJson) => [target, fate]));
    expect(fates).toMatchObject({ [`mapping/${aliceId}`]: 'unknown', 'cluster/demo': 'applied' });
  });

  test.each([
    ['a damaged cluster', async () => damageRecord(world.table, clusterKey('green'))],
    ['a damaged mapping', async () => damageRecord(world.table, aliceKey)],
    ['a mapping of a newer schema version', async () => makeNewer(world.table, aliceKey)],
  ] as const)('a denial of a mapped role is written in spite of %s', async (_name, damage) => {
    await damage();
    const body = { principal: { arn: roleArn('carol') }, reason: 'left' };
    await must(world, {
      method: 'POST',
      path: '/v1/mappings',
      body: { ...input('carol', 'all'), groups: ['x'] },
    });
    expect(await world.ask({ method: 'POST', path: '/v1/denials', body })).toMatchObject({
      status: 201,
      body: {
        warnings: expect.arrayContaining([expect.stringContaining('cannot be read, and the last-admin')]),
      },
    });
    const byId = { principalId: 'AROAEXAMPLE0000000001', reason: 'left' };
    expect(await world.ask({ method: 'POST', path: '/v1/denials', body: byId })).toMatchObject({
      status: 201,
    });
  });

  test('the last-admin guard counts a damaged mapping as no admin', async () => {
    await damageRecord(world.table, aliceKey);
    const body = { principal: { arn: roleArn('bob') }, reason: 'left' };
    expect(await world.ask({ method: 'POST', path: '/v1/denials', body })).toMatchObject({
      status: 409,
      body: { code: 'last_admin', clusters: ['demo'] },
    });
  });

  test('an access review names a damaged mapping, and shows that its principal would not be let in', async () => {
    await must(world, { method: 'POST', path: '/v1/mappings', body: input('alice', 'all') });
    await damageRecord(world.table, aliceKey);
    const { items, unreadable } = await must(world, {
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
    await damageRecord(world.table, clusterKey('demo'));
    expect(await world.ask({ method: 'POST', path: '/v1/mappings', body: input('carol') })).toMatchObject({
      status: 201,
    });
  });

  test('a set is not deleted while a damaged cluster may be in it', async () => {
    await damageRecord(world.table, clusterKey('green'));
    expect(await world.ask({ method: 'DELETE', path: '/v1/sets/prod' })).toMatchObject({
      status: 409,
      body: { code: 'not_empty', detail: expect.stringContaining('cluster green cannot be read') },
    });
  });

  test('a plan warns of damaged items, and neither creates nor deletes them', async () => {
    await damageRecord(world.table, aliceKey);
    await makeNewer(world.table, clusterKey('green'));
    const clusters = [{ id: 'demo', partition: 'aws' }];
    const planned = await plan(world, { clusters, mappings: [input('alice'), input('carol')] });
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
    await damageRecord(world.table, aliceKey);
    const state = { mappings: [input('alice'), input('carol')] };
    const { fingerprint } = await plan(world, state);
    const applied = await must(world, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
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
    await damageRecord(world.table, clusterKey('green'));
    const clusters = ['demo', 'green'].map((id) => ({
      id,
      partition: 'aws',
      webhookTokenHashes: [`sha256:${'a'.repeat(64)}`],
    }));
    const { creates } = await plan(world, { clusters });
    expect(creates.map(({ target }: AnyJson) => target)).toEqual(['webhook-token/demo/aaaaaaaaaaaa']);
  });

  describe.each([
    ['a damaged mapping', damageRecord, 'damaged'],
    ['a mapping with damaged bookkeeping', damageBookkeeping, 'damaged'],
    ['a mapping of a newer schema version', makeNewer, 'schema version 2'],
  ] as const)('%s', (_name, damage, reason) => {
    const path = `/v1/mappings/${aliceId}`;
    beforeEach(async () => damage(world.table, aliceKey));

    test.each([
      ['GET', undefined],
      ['PUT', input('alice')],
      ['DELETE', undefined],
    ])('%s is refused with kind, key and remedy', async (method, body) => {
      const asked = { method, path, ...(body === undefined ? {} : { body }) };
      const answer = await world.ask(asked);
      expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
      expect(answer.body.detail).toContain(`The mapping ${aliceId} cannot be read`);
      expect(answer.body.detail).toContain(reason);
      expect(answer.body.detail).not.toContain('try again');
    });

    test('DELETE with force by an admin leaves a tombstone, and the mapping can be created again', async () => {
      const forced = { method: 'DELETE', path, query: { force: 'true' } };
      const dryRun = { ...forced, query: { force: 'true', dryRun: 'true' } };
      expect(await world.ask(dryRun)).toMatchObject({ status: 200, body: { action: 'delete' } });
      expect(await world.ask({ ...forced, caller: callers.operator })).toMatchObject({ status: 403 });
      expect(await world.ask(forced)).toMatchObject({ status: 204 });
      expect(await world.ask({ method: 'GET', path })).toMatchObject({ status: 404 });
      const { items } = await must(world, {
        method: 'GET',
        path: '/v1/changes',
        query: { target: `mapping/${aliceId}`, limit: '1' },
      });
      expect(items).toMatchObject([{ action: 'delete', fate: 'applied', actor: callers.admin }]);
      expect(items[0].note).toContain('Deleted with force without being read');
      expect(items[0]).not.toHaveProperty('before');
      expect(await world.ask({ method: 'POST', path: '/v1/mappings', body: input('alice') })).toMatchObject({
        status: 201,
      });
    });
  });

  test('DELETE with force of a damaged webhook token makes its cluster readable again', async () => {
    const path = '/v1/clusters/demo/webhook-tokens';
    const { id } = await must(world, { method: 'POST', path });
    await damageRecord(world.table, webhookTokenKey('demo', id));
    expect(await world.ask({ method: 'GET', path })).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining(`webhook-token demo/${id} cannot be read`) },
    });
    const forced = { method: 'DELETE', path: `${path}/${id}`, query: { force: 'true' } };
    expect(await world.ask(forced)).toMatchObject({ status: 204 });
    expect(await get(world, path)).toEqual({ items: [] });
  });

  test('DELETE with force revokes a webhook token although another one of its cluster is damaged', async () => {
    const path = '/v1/clusters/demo/webhook-tokens';
    const [leaked, damaged] = [
      await must(world, { method: 'POST', path }),
      await must(world, { method: 'POST', path }),
    ];
    await damageRecord(world.table, webhookTokenKey('demo', damaged.id));
    const forced = { method: 'DELETE', path: `${path}/${leaked.id}`, query: { force: 'true' } };
    expect(await world.ask({ ...forced, caller: callers.operator })).toMatchObject({ status: 403 });
    expect(await world.ask(forced)).toMatchObject({ status: 204 });
    expect(await rawItem(world.table, webhookTokenKey('demo', leaked.id))).toMatchObject({ deleted: true });
  });

  test('DELETE with force of a damaged cluster deletes its mappings, then the cluster', async () => {
    await damageRecord(world.table, clusterKey('demo'));
    const path = '/v1/clusters/demo';
    expect(await world.ask({ method: 'DELETE', path })).toMatchObject({ status: 503 });
    expect(await world.ask({ method: 'DELETE', path, query: { force: 'true' } })).toMatchObject({
      status: 204,
    });
    expect((await get(world, '/v1/clusters')).items.map(({ id }: AnyJson) => id)).toEqual(['green']);
    expect((await get(world, '/v1/mappings')).items).toEqual([]);
  });

  test('DELETE with force of a cluster deletes its mappings that cannot be read, so that none grants in a new one', async () => {
    await makeNewer(world.table, aliceKey);
    const path = '/v1/clusters/demo';
    expect(await world.ask({ method: 'DELETE', path })).toMatchObject({ status: 409 });
    expect(await world.ask({ method: 'DELETE', path, query: { force: 'true' } })).toMatchObject({
      status: 204,
    });
    expect(await rawItem(world.table, aliceKey)).toMatchObject({ deleted: true });
    await must(world, { method: 'PUT', path, body: { partition: 'aws' } });
    const { items, unreadable } = await get(world, '/v1/mappings');
    expect([items, unreadable]).toEqual([[], undefined]);
  });
});
