import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdminWorld, must } from '../fixtures/admin-world.ts';
import type { AdminWorld, AnyJson, Asked } from '../fixtures/admin-world.ts';
import { account, roleArn } from '../fixtures/records.ts';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await must(world, { method: 'PUT', path: '/v1/sets/prod', body: {} });
  await must(world, { method: 'PUT', path: '/v1/clusters/a', body: { sets: ['prod'] } });
});
afterEach(async () => {
  await world.close();
});

const map = (scope: string, name = 'Admin', more: object = {}): Promise<AnyJson> =>
  must(world, {
    method: 'POST',
    path: '/v1/mappings',
    body: { scope, principal: { arn: roleArn(name) }, username: name, groups: ['system:masters'], ...more },
  });
const remove = ({ id }: AnyJson): Asked => ({ method: 'DELETE', path: `/v1/mappings/${id}` });
const change = ({ id }: AnyJson, fields: object): Asked => ({
  method: 'PUT',
  path: `/v1/mappings/${id}`,
  body: { username: 'Admin', groups: ['system:masters'], ...fields },
});
const cluster = (body: object): Asked => ({ method: 'PUT', path: '/v1/clusters/a', body });
const deny = (body: object): Asked => ({
  method: 'POST',
  path: '/v1/denials',
  body: { reason: 'r', ...body },
});

/**
 * `guarded: <clusters>`: refused for their sake, also as a dry run, and done by force. `done`: done. Else whatever it
 * was told.
 */
async function fateOf(asked: Asked): Promise<string> {
  const answer = await world.ask(asked);
  if (answer.status < 300) return 'done';
  const dryRun = await world.ask({ ...asked, query: { dryRun: 'true' } });
  const forced = await world.ask({ ...asked, query: { force: 'true' } });
  return forced.status < 300 && dryRun.body.code === 'last_admin' && answer.body.code === 'last_admin'
    ? `guarded: ${answer.body.clusters.join(', ')}`
    : JSON.stringify([answer.body, dryRun.body, forced.body]);
}

describe('a write that would leave a cluster without a permanent admin is refused', () => {
  test.each(['cluster/a', 'set/prod', 'all'])('the delete of the only one, in %s', async (scope) => {
    expect(await fateOf(remove(await map(scope)))).toBe('guarded: a');
  });
  test('an admin mapping that loses its groups is refused', async () => {
    expect(await fateOf(change(await map('set/prod'), { groups: ['developers'] }))).toBe('guarded: a');
  });
  test('an admin mapping that gets an expiry is refused', async () => {
    expect(await fateOf(change(await map('all'), { expiresAt: '2999-01-01T00:00:00Z' }))).toBe('guarded: a');
  });
  test('an admin mapping that is pinned to another unique id is refused', async () => {
    expect(await fateOf(change(await map('all'), { principalId: 'AROAEXAMPLEEXAMPLE01' }))).toBe(
      'guarded: a',
    );
  });
  test('a cluster that leaves the set of its admins is refused', async () => {
    await map('set/prod');
    expect(await fateOf(cluster({}))).toBe('guarded: a');
  });
  test('a change to adminGroups that no principal has is refused', async () => {
    await map('all');
    expect(await fateOf(cluster({ sets: ['prod'], adminGroups: ['ops'] }))).toBe('guarded: a');
  });
  test('a disable of a cluster that has an admin is refused', async () => {
    await map('all');
    expect(await fateOf(cluster({ sets: ['prod'], disabled: true }))).toBe('guarded: a');
  });
  test('a denial of the last admin, of its account or of its unique id is refused', async () => {
    await map('all', 'Admin', { principalId: 'AROAEXAMPLEEXAMPLE01' });
    for (const subject of [
      { principal: { arn: roleArn('Admin') } },
      { principal: { accountId: account } },
      { principalId: 'AROAEXAMPLEEXAMPLE01' },
    ]) {
      expect(await world.ask(deny(subject))).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    }
    expect(await fateOf(deny({ principal: { accountId: account } }))).toBe('guarded: a');
  });
  test('a rollback that removes the last admin is refused', async () => {
    const { id } = await map('all');
    const { items } = await must(world, {
      method: 'GET',
      path: '/v1/changes',
      query: { target: `mapping/${id}` },
    });
    expect(await fateOf({ method: 'POST', path: `/v1/changes/${items[0].id}/rollback` })).toBe('guarded: a');
  });
  test('a delete of an admin is refused if the other admin is denied, expires or is of another partition', async () => {
    await map('cluster/a', 'Denied');
    await map('cluster/a', 'Leaving', { expiresAt: '2999-01-01T00:00:00Z' });
    await map('cluster/a', 'x', { principal: { arn: 'arn:aws-cn:iam::111122223333:role/x' } });
    const only = await map('set/prod');
    expect(await fateOf(deny({ principal: { arn: roleArn('Denied') } }))).toBe('done');
    expect(await fateOf(remove(only))).toBe('guarded: a');
  });
  test('the problem names each cluster that would lose its last admin, ten at most', async () => {
    for (let index = 0; index < 12; index += 1) {
      await must(world, { method: 'PUT', path: `/v1/clusters/b${index}`, body: {} });
    }
    const answer = await world.ask(remove(await map('all')));
    expect(answer.body.clusters).toHaveLength(10);
  });
});

describe('a write that leaves a permanent admin is allowed', () => {
  test('a delete of one of two admins is allowed, whatever their scopes', async () => {
    await map('all', 'Other');
    expect(await fateOf(remove(await map('cluster/a')))).toBe('done');
  });
  test('a delete of a mapping that was no permanent admin is allowed', async () => {
    await map('all');
    expect(await fateOf(remove(await map('cluster/a', 'Dev', { groups: ['developers'] })))).toBe('done');
    expect(await fateOf(remove(await map('cluster/a', 'Guest', { expiresAt: '2999-01-01T00:00:00Z' })))).toBe(
      'done',
    );
  });
  test('a write on a cluster that had no admin, or is disabled, is allowed', async () => {
    await map('all', 'Dev', { groups: ['developers'] });
    expect(await fateOf(cluster({ sets: [], disabled: true }))).toBe('done');
    expect(await fateOf(remove(await map('cluster/a')))).toBe('done');
  });
  test('a mapping that gains groups or changes its username is allowed', async () => {
    expect(
      await fateOf(change(await map('all'), { username: 'root', groups: ['a', 'system:masters'] })),
    ).toBe('done');
  });
  test('a denial of one session or of an access key of an admin is allowed', async () => {
    await map('all');
    expect(await fateOf(deny({ principal: { arn: roleArn('Admin') }, sessionName: 'bob' }))).toBe('done');
    expect(await fateOf(deny({ accessKeyId: 'AKIAEXAMPLEEXAMPLE01' }))).toBe('done');
  });
  test('a delete of the cluster itself is allowed', async () => {
    await map('cluster/a');
    expect(await world.ask({ method: 'DELETE', path: '/v1/clusters/a' })).toMatchObject({
      status: 409,
      body: { code: 'not_empty' },
    });
    expect(await fateOf({ method: 'DELETE', path: '/v1/clusters/a', query: { force: 'true' } })).toBe('done');
    expect((await must(world, { method: 'GET', path: '/v1/mappings' })).items).toEqual([]);
  });
});
