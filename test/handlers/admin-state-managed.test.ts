/** What `managed.scopes` of a desired state does not touch. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { roleArn } from '../fixtures/records.ts';

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
const list = async (path: string): Promise<AnyJson[]> =>
  (await askOk(fixture, { method: 'GET', path, query: { limit: '200' } })).items;
describe('a desired state', () => {
  test('with managed.scopes changes no mapping of another scope', async () => {
    await apply(base);
    const state = { managed: { scopes: ['cluster/b'] }, mappings: [] };
    expect((await plan(state)).deletes).toMatchObject([{ before: { scope: 'cluster/b' } }]);
    await apply(state);
    expect(await list('/v1/mappings')).toHaveLength(2);
    const outside = { ...state, mappings: [entry('all', 'X')] };
    expect((await ask('/v1/plan', outside)).body.errors).toMatchObject([{ path: 'mappings[0].scope' }]);
  });

  test('with managed.scopes changes no binding and no cluster of another scope', async () => {
    await apply(base);
    const state = {
      managed: { scopes: ['cluster/b'] },
      mappings: [],
      bindings: [],
      clusters: [{ id: 'b', description: 'x' }],
    };
    const planned = await plan(state);
    expect(planned.deletes).toMatchObject([{ kind: 'mapping', before: { scope: 'cluster/b' } }]);
    expect(planned.updates).toMatchObject([{ kind: 'cluster', target: 'cluster/b' }]);
    await apply(state);
    expect(await list('/v1/group-bindings')).toMatchObject([{ id: 'g' }]);
    expect((await list('/v1/clusters')).map(({ id }) => id)).toEqual(['a', 'b']);
    const gone = { managed: { scopes: ['set/prod', 'cluster/b'] }, bindings: [], clusters: [] };
    expect((await plan(gone)).deletes).toMatchObject([{ target: 'binding/g' }, { target: 'cluster/b' }]);
  });

  test('with managed.scopes accepts a reference to a cluster that is not managed, although the state lists clusters', async () => {
    await apply(base);
    const state = {
      managed: { scopes: ['cluster/b', 'cluster/a'] },
      clusters: [{ id: 'b' }],
      mappings: [entry('cluster/a', 'X')],
    };
    expect((await ask('/v1/plan', state)).body.errors).toMatchObject([{ path: 'mappings[0].scope' }]);
    const other = {
      managed: { scopes: ['cluster/c', 'set/prod'] },
      clusters: [{ id: 'c', sets: ['prod'] }],
      mappings: [entry('set/prod', 'Dev')],
    };
    expect((await plan(other)).creates).toMatchObject([{ target: 'cluster/c' }]);
  });

  test.each<[string, object, string]>([
    ['sets', { sets: [] }, 'sets'],
    ['denials', { denials: [] }, 'denials'],
    ['a cluster of another scope', { clusters: [{ id: 'b' }, { id: 'a' }] }, 'clusters[1].id'],
    ['a mapping of another scope', { mappings: [entry('all', 'X')] }, 'mappings[0].scope'],
    [
      'a binding of another scope',
      { bindings: [{ ...base.bindings[0]!, id: 'other' }] },
      'bindings[0].scope',
    ],
    [
      'a binding whose id a binding of another scope has',
      { bindings: [{ ...base.bindings[0]!, scope: 'cluster/b' }] },
      'bindings[0].id',
    ],
  ])('with managed.scopes refuses %s', async (_name, lists, path) => {
    await apply(base);
    const answer = await ask('/v1/plan', { managed: { scopes: ['cluster/b'] }, ...lists });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input', errors: [{ path }] } });
  });

  test('of two teams, each with the output of the Terraform module, never deletes what the other team or no team manages', async () => {
    await apply(base);
    const team = (cluster: string, groups: readonly string[]) => ({
      managed: { scopes: [`cluster/${cluster}`] },
      mappings: [entry(`cluster/${cluster}`, `Team-${cluster}`)],
      bindings: groups.map((id) => ({
        id,
        iamGroup: `arn:aws:iam::111122223333:group/${id}`,
        scope: `cluster/${cluster}`,
        groups: [id],
      })),
    });
    const bindings = async () => (await list('/v1/group-bindings')).map(({ id }) => id);
    await apply(team('a', ['a-dev', 'a-ops']));
    await apply(team('b', ['b-dev']));
    expect(await bindings()).toEqual(['a-dev', 'a-ops', 'b-dev', 'g']);
    expect((await plan(team('a', ['a-dev', 'a-ops']))).deletes).toEqual([]);
    await apply(team('a', ['a-dev']));
    expect(await bindings()).toEqual(['a-dev', 'b-dev', 'g']);
  });
});
