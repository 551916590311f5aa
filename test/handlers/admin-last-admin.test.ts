import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdminWorld, must } from '../support/admin-world.ts';
import type { AdminWorld, AnyJson, Asked } from '../support/admin-world.ts';
import { account, roleArn } from '../support/records.ts';

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

/** Refused, also as a dry run, and done by force. */
async function requireGuarded(asked: Asked, clusters: readonly string[] = ['a']): Promise<void> {
  for (const query of [{}, { dryRun: 'true' }]) {
    expect(await world.ask({ ...asked, query })).toMatchObject({
      status: 409,
      body: { code: 'last_admin', clusters },
    });
  }
  expect((await world.ask({ ...asked, query: { force: 'true' } })).status).toBeLessThan(300);
}
async function requireDone(asked: Asked): Promise<void> {
  const answer = await world.ask(asked);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}

describe('a write after which nobody would be a lasting admin of a cluster is refused', () => {
  test.each(['cluster/a', 'set/prod', 'all'])('the delete of the only one, in %s', async (scope) => {
    await requireGuarded(remove(await map(scope)));
  });
  test('fewer groups', async () => {
    await requireGuarded(change(await map('set/prod'), { groups: ['developers'] }));
  });
  test('an end', async () => {
    await requireGuarded(change(await map('all'), { expiresAt: '2999-01-01T00:00:00Z' }));
  });
  test("a pin that may be nobody's", async () => {
    await requireGuarded(change(await map('all'), { principalId: 'AROAEXAMPLEEXAMPLE01' }));
  });
  test('a cluster that leaves the set through which its admins come', async () => {
    await map('set/prod');
    await requireGuarded(cluster({}));
  });
  test('other adminGroups, which nobody has', async () => {
    await map('all');
    await requireGuarded(cluster({ sets: ['prod'], adminGroups: ['ops'] }));
  });
  test('a cluster that is disabled', async () => {
    await map('all');
    await requireGuarded(cluster({ sets: ['prod'], disabled: true }));
  });
  test('a denial of the admin, of its account, or of its unique id', async () => {
    await map('all', 'Admin', { principalId: 'AROAEXAMPLEEXAMPLE01' });
    for (const subject of [
      { principal: { arn: roleArn('Admin') } },
      { principal: { accountId: account } },
      { principalId: 'AROAEXAMPLEEXAMPLE01' },
    ]) {
      expect(await world.ask(deny(subject))).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    }
    await requireGuarded(deny({ principal: { accountId: account } }));
  });
  test('a rollback', async () => {
    const { id } = await map('all');
    const { items } = await must(world, {
      method: 'GET',
      path: '/v1/changes',
      query: { target: `mapping/${id}` },
    });
    await requireGuarded({ method: 'POST', path: `/v1/changes/${items[0].id}/rollback` });
  });
  test('when the other admin is denied, expires, or is of another partition', async () => {
    await map('cluster/a', 'Denied');
    await map('cluster/a', 'Leaving', { expiresAt: '2999-01-01T00:00:00Z' });
    await map('cluster/a', 'x', { principal: { arn: 'arn:aws-cn:iam::111122223333:role/x' } });
    const only = await map('set/prod');
    await requireDone(deny({ principal: { arn: roleArn('Denied') } }));
    await requireGuarded(remove(only));
  });
  test('each cluster is told, ten at most', async () => {
    for (let index = 0; index < 12; index += 1) {
      await must(world, { method: 'PUT', path: `/v1/clusters/b${index}`, body: {} });
    }
    const answer = await world.ask(remove(await map('all')));
    expect(answer.body.clusters).toHaveLength(10);
  });
});

describe('and no other write is', () => {
  test('the delete of one of two, in whatever scopes', async () => {
    await map('all', 'Other');
    await requireDone(remove(await map('cluster/a')));
  });
  test('the delete of what was no admin, or not a lasting one', async () => {
    await map('all');
    await requireDone(remove(await map('cluster/a', 'Dev', { groups: ['developers'] })));
    await requireDone(remove(await map('cluster/a', 'Guest', { expiresAt: '2999-01-01T00:00:00Z' })));
  });
  test('of a cluster that had none, or is disabled', async () => {
    await map('all', 'Dev', { groups: ['developers'] });
    await requireDone(cluster({ sets: [], disabled: true }));
    await requireDone(remove(await map('cluster/a')));
  });
  test('more groups, another name', async () => {
    await requireDone(change(await map('all'), { username: 'root', groups: ['a', 'system:masters'] }));
  });
  test('the denial of one session, or of an access key', async () => {
    await map('all');
    await requireDone(deny({ principal: { arn: roleArn('Admin') }, sessionName: 'bob' }));
    await requireDone(deny({ accessKeyId: 'AKIAEXAMPLEEXAMPLE01' }));
  });
  test('the delete of the cluster itself', async () => {
    await map('cluster/a');
    expect(await world.ask({ method: 'DELETE', path: '/v1/clusters/a' })).toMatchObject({
      status: 409,
      body: { code: 'not_empty' },
    });
    await requireDone({ method: 'DELETE', path: '/v1/clusters/a', query: { force: 'true' } });
    expect((await must(world, { method: 'GET', path: '/v1/mappings' })).items).toEqual([]);
  });
});
