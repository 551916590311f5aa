import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashWebhookToken } from '../../lib/token/webhook-token.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { mapping, mappingRef, roleArn } from '../fixtures/records.ts';
import { isFull } from '../fixtures/scale.ts';
import { put } from '../fixtures/store-writes.ts';

let fixture: AdminFixture;
beforeEach(async () => {
  fixture = await createAdminFixture();
});
afterEach(async () => {
  await fixture.close();
});

const entry = (scope: string, name: string, fields: object = {}): object => ({
  scope,
  principal: { arn: roleArn(name) },
  username: name.toLowerCase(),
  groups: ['developers'],
  ...fields,
});
const base = {
  sets: [{ name: 'prod' }],
  clusters: [{ id: 'a', sets: ['prod'] }, { id: 'b' }],
  mappings: [
    entry('all', 'Admin', { groups: ['system:masters'] }),
    entry('set/prod', 'Dev'),
    entry('cluster/b', 'Dev'),
  ],
  denials: [{ principal: { arn: roleArn('Bad') }, reason: 'r' }],
  bindings: [{ id: 'g', iamGroup: 'arn:aws:iam::111122223333:group/g', scope: 'set/prod', groups: ['g'] }],
};

const plan = (state: unknown): Promise<AnyJson> =>
  askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });
const ask = (path: string, body: unknown, query: Readonly<Record<string, string>> = {}) =>
  fixture.ask({ method: 'POST', path, body, query });
async function apply(state: unknown, query: Readonly<Record<string, string>> = {}): Promise<AnyJson> {
  const { fingerprint } = await plan(state);
  const answer = await ask('/v1/apply', { fingerprint, state }, query);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const targets = (steps: AnyJson[]): string[] => steps.map(({ kind }) => kind);
const sizes = ({ creates, updates, deletes, unchanged }: AnyJson): number[] => [
  creates.length,
  updates.length,
  deletes.length,
  unchanged,
];
const list = async (path: string): Promise<AnyJson[]> =>
  (await askOk(fixture, { method: 'GET', path, query: { limit: '200' } })).items;
const log = (): Promise<AnyJson[]> => list('/v1/changes');

describe('a plan', () => {
  test('of a new deployment creates records before those that refer to them', async () => {
    const { creates, warnings } = await plan(base);
    expect(targets(creates)).toEqual([
      'set',
      'cluster',
      'cluster',
      'mapping',
      'mapping',
      'mapping',
      'denial',
      'binding',
    ]);
    expect(warnings.join(' ')).toContain('system:masters with scope all');
  });

  test('writes nothing to the table or the log', async () => {
    await plan(base);
    expect(await log()).toEqual([]);
  });

  test('has the same fingerprint for a state in another order and spelling', async () => {
    const other = {
      ...base,
      mappings: base.mappings.toReversed(),
      clusters: base.clusters.map((one) => ({ adminGroups: ['system:masters'], ...one })),
    };
    expect((await plan(other)).fingerprint).toBe((await plan(base)).fingerprint);
  });

  test('is refused as a whole if entries are invalid, with the field of each', async () => {
    const answer = await ask('/v1/plan', {
      clusters: [{ id: 'a', sets: ['nowhere'] }, { id: 'a' }],
      mappings: [entry('cluster/none', 'A'), entry('all', 'x/B'), entry('all', 'y/b'), { scope: 'all' }],
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(answer.body.errors.map(({ path }: AnyJson) => path)).toEqual(
      expect.arrayContaining(['mappings[3].username']),
    );
    const second = await ask('/v1/plan', {
      clusters: [{ id: 'a' }, { id: 'a' }],
      mappings: [entry('all', 'x/B'), entry('all', 'y/b')],
    });
    expect(second.body.errors).toEqual([
      { path: 'clusters[1]', message: expect.stringContaining('clusters[0]') },
      { path: 'mappings[1]', message: expect.stringContaining('mappings[0]') },
    ]);
    const third = await ask('/v1/plan', {
      clusters: [{ id: 'a', sets: ['nowhere'] }],
      mappings: [entry('cluster/none', 'A')],
    });
    expect(third.body.errors.map(({ path }: AnyJson) => path)).toEqual([
      'clusters[0].sets[0]',
      'mappings[0].scope',
    ]);
  });

  test('that apply refuses has paths that begin with state', async () => {
    const body = { fingerprint: `sha256:${'0'.repeat(64)}`, state: { clusters: [{ id: 'a' }, { id: 'a' }] } };
    expect((await ask('/v1/apply', body)).body.errors).toMatchObject([{ path: 'state.clusters[1]' }]);
  });
});

describe('an apply', () => {
  test('writes the state, and changes nothing when it is repeated', async () => {
    expect(await apply(base)).toMatchObject({ applied: { length: 8 }, failed: [], pending: 0 });
    expect(sizes(await plan(base))).toEqual([0, 0, 0, 8]);
    const before = await log();
    expect(await apply(base)).toMatchObject({ applied: [], failed: [], pending: 0 });
    expect(await log()).toEqual(before);
  });

  test('updates and deletes records, with before and after in the log', async () => {
    await apply(base);
    const next = {
      ...base,
      mappings: [...base.mappings.slice(0, 2), entry('cluster/a', 'Dev')],
      denials: [],
      clusters: [{ id: 'a', sets: ['prod'], description: 'x' }, { id: 'b' }],
    };
    const planned = await plan(next);
    expect(sizes(planned)).toEqual([1, 1, 2, 5]);
    expect(planned.updates).toMatchObject([{ version: 1, before: { id: 'a' }, after: { description: 'x' } }]);
    expect(await apply(next)).toMatchObject({ applied: { length: 4 }, failed: [] });
    expect(sizes(await plan(next))).toEqual([0, 0, 0, 7]);
  });

  test('changes no record of a kind whose list is absent', async () => {
    await apply(base);
    expect(sizes(await plan({ denials: base.denials }))).toEqual([0, 0, 0, 1]);
    expect(sizes(await plan({}))).toEqual([0, 0, 0, 0]);
  });

  test('never changes a mapping of the group sync', async () => {
    await apply(base);
    const synced = mapping('', {
      scope: 'set/prod',
      owner: 'group-sync',
      principal: { arn: 'arn:aws:iam::111122223333:user/u' },
    });
    await put(fixture.store, 'mapping', mappingRef(synced), synced);
    await apply({ ...base, mappings: base.mappings.slice(0, 1) });
    const left = await list('/v1/mappings');
    expect(new Set(left.map(({ owner }) => owner))).toEqual(new Set(['group-sync', 'manual']));
    const one = left.find(({ owner }) => owner === 'group-sync');
    const path = `/v1/mappings/${one.id}`;
    expect(await fixture.ask({ method: 'DELETE', path })).toMatchObject({
      status: 409,
      body: { code: 'owned_by_group_sync' },
    });
    expect(await fixture.ask({ method: 'PUT', path, body: { username: 'x', groups: [] } })).toMatchObject({
      status: 409,
    });
  });

  test('is refused if a record that the plan depends on has changed', async () => {
    await apply(base);
    const next = { ...base, denials: [] };
    const { fingerprint } = await plan(next);
    await askOk(fixture, {
      method: 'POST',
      path: '/v1/denials',
      body: { ...base.denials[0], reason: 'other' },
    });
    expect(await ask('/v1/apply', { fingerprint, state: next })).toMatchObject({
      status: 409,
      body: { code: 'plan_moved' },
    });
    expect(await list('/v1/denials')).toHaveLength(1);
  });

  test('is not refused if another record has changed', async () => {
    await apply(base);
    const next = { denials: [] };
    const { fingerprint } = await plan(next);
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/c', body: {} });
    expect(await ask('/v1/apply', { fingerprint, state: next })).toMatchObject({ status: 200 });
  });

  test.runIf(isFull)(
    '500 writes a call; the rest goes on under the fingerprint that comes back',
    async () => {
      const many = {
        clusters: [{ id: 'a' }],
        mappings: Array.from({ length: 620 }, (_, index) => entry('cluster/a', `R${index}`)),
      };
      const first = await apply(many);
      expect(first).toMatchObject({ applied: { length: 500 }, failed: [], pending: 121 });
      const second = await ask('/v1/apply', { fingerprint: first.fingerprint, state: many });
      expect(second.body).toMatchObject({ applied: { length: 121 }, failed: [], pending: 0 });
      expect(second.body.fingerprint).toBe((await plan(many)).fingerprint);
    },
    240_000,
  );

  test('keeps the last admin, deletes the others, and deletes the last one with force', async () => {
    await apply(base);
    const next = { ...base, mappings: base.mappings.slice(1, 2) };
    const answer = await apply(next);
    expect(answer).toMatchObject({ applied: { length: 1 }, failed: [{ code: 'last_admin' }], pending: 0 });
    expect(await apply(next, { force: 'true' })).toMatchObject({ applied: { length: 1 }, failed: [] });
  });

  test('creates the new admin before it deletes the old one', async () => {
    await apply(base);
    const next = { ...base, mappings: [entry('all', 'NewAdmin', { groups: ['system:masters'] })] };
    expect(await apply(next)).toMatchObject({ applied: { length: 4 }, failed: [] });
  });

  test('creates the missing webhook tokens by their hashes and keeps the others', async () => {
    const hashes = ['a', 'b'].map((text) => hashWebhookToken(text));
    const state = { clusters: [{ id: 'a', webhookTokenHashes: hashes }] };
    expect(targets((await plan(state)).creates)).toEqual(['cluster', 'webhook-token', 'webhook-token']);
    await apply(state);
    await askOk(fixture, { method: 'POST', path: '/v1/clusters/a/webhook-tokens' });
    expect(await list('/v1/clusters/a/webhook-tokens')).toHaveLength(3);
    expect(sizes(await plan(state))).toEqual([0, 0, 0, 1]);
    expect(await ask('/v1/plan', { clusters: [{ id: 'a', webhookTokenHashes: ['a-token'] }] })).toMatchObject(
      { status: 400 },
    );
  });

  test('deletes sets and clusters that nothing refers to any more', async () => {
    await apply(base);
    const nothing = { sets: [], clusters: [], mappings: [], denials: [], bindings: [] };
    expect(await apply(nothing, { force: 'true' })).toMatchObject({ failed: [], pending: 0 });
    expect(sizes(await plan(nothing))).toEqual([0, 0, 0, 0]);
  });

  test('keeps a removed cluster that still has mappings', async () => {
    await apply(base);
    const answer = await apply({ clusters: base.clusters.slice(0, 1) });
    expect(answer).toMatchObject({ applied: [], failed: [{ target: 'cluster/b', code: 'not_empty' }] });
  });
});
