import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAdminFixture, askOk } from '../../../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked } from '../../../fixtures/admin-fixture.ts';
import { account, roleArn } from '../../../fixtures/records.ts';

let fixture: AdminFixture;
beforeEach(async () => {
  fixture = await createAdminFixture();
  await askOk(fixture, { method: 'PUT', path: '/v1/sets/prod', body: {} });
  await askOk(fixture, { method: 'PUT', path: '/v1/clusters/a', body: { sets: ['prod'] } });
});
afterEach(async () => {
  await fixture.close();
});

const map = (scope: string, name = 'Admin', more: object = {}): Promise<AnyJson> =>
  askOk(fixture, {
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
  const answer = await fixture.ask(asked);
  if (answer.status < 300) return 'done';
  const dryRun = await fixture.ask({ ...asked, query: { dryRun: 'true' } });
  const forced = await fixture.ask({ ...asked, query: { force: 'true' } });
  return forced.status < 300 && dryRun.body.code === 'last_admin' && answer.body.code === 'last_admin'
    ? `guarded: ${answer.body.clusters.join(', ')}`
    : JSON.stringify([answer.body, dryRun.body, forced.body]);
}

describe('a write that would leave a cluster without a permanent admin is refused', () => {
  test.each(['cluster/a', 'set/prod', 'all'])('the delete of the only admin mapping in %s', async (scope) => {
    expect(await fateOf(remove(await map(scope)))).toBe('guarded: a');
  });
  test('an update that removes its admin group', async () => {
    expect(await fateOf(change(await map('set/prod'), { groups: ['developers'] }))).toBe('guarded: a');
  });
  test('an update that adds an expiry', async () => {
    expect(await fateOf(change(await map('all'), { expiresAt: '2999-01-01T00:00:00Z' }))).toBe('guarded: a');
  });
  test('an update that pins it to an unknown unique id', async () => {
    expect(await fateOf(change(await map('all'), { principalId: 'AROAEXAMPLEEXAMPLE01' }))).toBe(
      'guarded: a',
    );
  });
  test('the removal of the cluster from the set of the admin mapping', async () => {
    await map('set/prod');
    expect(await fateOf(cluster({}))).toBe('guarded: a');
  });
  test('a change of adminGroups to a group without users', async () => {
    await map('all');
    expect(await fateOf(cluster({ sets: ['prod'], adminGroups: ['ops'] }))).toBe('guarded: a');
  });
  test('the disabling of the cluster', async () => {
    await map('all');
    expect(await fateOf(cluster({ sets: ['prod'], disabled: true }))).toBe('guarded: a');
  });
  test('a denial of the admin, of its account, or of its unique id', async () => {
    await map('all', 'Admin', { principalId: 'AROAEXAMPLEEXAMPLE01' });
    for (const subject of [
      { principal: { arn: roleArn('Admin') } },
      { principal: { accountId: account } },
      { principalId: 'AROAEXAMPLEEXAMPLE01' },
    ]) {
      expect(await fixture.ask(deny(subject))).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    }
    expect(await fateOf(deny({ principal: { accountId: account } }))).toBe('guarded: a');
  });
  test('the rollback of the change that created it', async () => {
    const { id } = await map('all');
    const { items } = await askOk(fixture, {
      method: 'GET',
      path: '/v1/changes',
      query: { target: `mapping/${id}` },
    });
    expect(await fateOf({ method: 'POST', path: `/v1/changes/${items[0].id}/rollback` })).toBe('guarded: a');
  });
  test('its delete if the other admins are denied, expire, or belong to another partition', async () => {
    await map('cluster/a', 'Denied');
    await map('cluster/a', 'Leaving', { expiresAt: '2999-01-01T00:00:00Z' });
    await map('cluster/a', 'x', { principal: { arn: 'arn:aws-cn:iam::111122223333:role/x' } });
    const only = await map('set/prod');
    expect(await fateOf(deny({ principal: { arn: roleArn('Denied') } }))).toBe('done');
    expect(await fateOf(remove(only))).toBe('guarded: a');
  });
  test('a write that affects several clusters, of which the answer names at most ten', async () => {
    for (let index = 0; index < 12; index += 1) {
      await askOk(fixture, { method: 'PUT', path: `/v1/clusters/b${index}`, body: {} });
    }
    const answer = await fixture.ask(remove(await map('all')));
    expect(answer.body.clusters).toHaveLength(10);
  });
});

describe('the guard of the last permanent admin allows', () => {
  test('the delete of one of two admins, in any scopes', async () => {
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
  test('writes to a cluster that has no admin or is disabled', async () => {
    await map('all', 'Dev', { groups: ['developers'] });
    expect(await fateOf(cluster({ sets: [], disabled: true }))).toBe('done');
    expect(await fateOf(remove(await map('cluster/a')))).toBe('done');
  });
  test('an update of the groups or username that keeps the admin group', async () => {
    expect(
      await fateOf(change(await map('all'), { username: 'root', groups: ['a', 'system:masters'] })),
    ).toBe('done');
  });
  test('the denial of one session or of an access key', async () => {
    await map('all');
    expect(await fateOf(deny({ principal: { arn: roleArn('Admin') }, sessionName: 'bob' }))).toBe('done');
    expect(await fateOf(deny({ accessKeyId: 'AKIAEXAMPLEEXAMPLE01' }))).toBe('done');
  });
  test('the delete of the cluster itself', async () => {
    await map('cluster/a');
    expect(await fixture.ask({ method: 'DELETE', path: '/v1/clusters/a' })).toMatchObject({
      status: 409,
      body: { code: 'not_empty' },
    });
    expect(await fateOf({ method: 'DELETE', path: '/v1/clusters/a', query: { force: 'true' } })).toBe('done');
    expect((await askOk(fixture, { method: 'GET', path: '/v1/mappings' })).items).toEqual([]);
  });
});
