/** Entries under the keys of an earlier version: shown, read by no review, and moved by writing them again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callerFromArn } from '../../../../lib/identity/caller-identity.ts';
import { denialId, denialRef } from '../../../../lib/records/denial.ts';
import type { Denial } from '../../../../lib/records/denial.ts';
import { formerDenialRef, formerMappingRef } from '../../../../lib/records/former-keys.ts';
import { mappingId, mappingRef } from '../../../../lib/records/mapping.ts';
import type { Mapping } from '../../../../lib/records/mapping.ts';
import { lookupFor, matchEntries } from '../../../../lib/resolve/resolve.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { askOk, createAdminFixture } from '../../../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../../../fixtures/admin-fixture.ts';
import { put } from '../../../fixtures/store-writes.ts';

const account = '111122223333';
const user = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
const role = `arn:aws:iam::${account}:role/Admin`;
const federated = (name: string): string => `arn:aws:sts::${account}:federated-user/${name}`;

const byPath: Denial = { principal: { arn: user('x/dave') }, reason: 'left' };
const bySession: Denial = { principal: { arn: role }, sessionName: 'Alice', reason: 'left' };
const carol: Mapping = {
  scope: 'all',
  principal: { arn: user('eng/carol') },
  owner: 'manual',
  username: 'carol',
  groups: ['system:masters'],
};
const bob: Mapping = { ...carol, principal: { arn: federated('Bob') }, username: 'bob' };
const { owner: _owner, ...carolInput } = carol;

let fixture: AdminFixture;
/** Each write of an item of an entry, as `put` or `remove` and the key. */
let writes: string[] = [];
let refuseRemove = false;

const spied = (store: Store): Store => ({
  ...store,
  put: async (current, record, by) => {
    writes.push(`put ${JSON.stringify(current.ref)}`);
    return store.put(current, record, by);
  },
  remove: async (current, by) => {
    if (refuseRemove) return { ok: true, value: { applied: false, conflict: 'moved', current } };
    writes.push(`remove ${JSON.stringify(current.ref)}`);
    return store.remove(current, by);
  },
});

beforeEach(async () => {
  fixture = await createAdminFixture({ store: spied });
  await put(fixture.store, 'denial', formerDenialRef(byPath), byPath);
  await put(fixture.store, 'denial', formerDenialRef(bySession), bySession);
  await put(fixture.store, 'mapping', formerMappingRef(carol), carol);
  await put(fixture.store, 'mapping', formerMappingRef(bob), bob);
  await askOk(fixture, { method: 'PUT', path: '/v1/clusters/demo', body: { partition: 'aws' } });
  writes = [];
  refuseRemove = false;
});
afterEach(() => fixture.close());

const denials = async (): Promise<AnyJson[]> =>
  (await askOk(fixture, { method: 'GET', path: '/v1/denials' })).items;
const mappings = async (): Promise<AnyJson[]> =>
  (await askOk(fixture, { method: 'GET', path: '/v1/mappings' })).items;
const post = async (kind: 'denials' | 'mappings', body: object) =>
  fixture.ask({ method: 'POST', path: `/v1/${kind}`, body });

const formerDenialId = denialId(formerDenialRef(byPath));
const formerCarolId = mappingId(formerMappingRef(carol));

/** The code of a review, by what it reads: nothing but the keys of today. */
async function review(arn: string): Promise<string> {
  const cluster = { id: 'demo', partition: 'aws', sets: [], adminGroups: [] } as const;
  const caller = callerFromArn(arn)!;
  const entries = await fixture.store.readEntries(lookupFor(caller, cluster), new AbortController().signal);
  if (!entries.ok) return 'unavailable';
  const match = matchEntries(caller, cluster, entries.value, Date.now());
  if (!match.ok) return match.failure.code;
  return match.value.mappings.length === 0 ? 'principal_not_mapped' : 'mapped';
}

describe('an entry under a former key', () => {
  test('is listed with staleKey, and can be read by its id', async () => {
    expect((await denials()).map(({ id, staleKey }) => [id, staleKey])).toEqual([
      [formerDenialId, true],
      [denialId(formerDenialRef(bySession)), true],
    ]);
    expect((await mappings()).map(({ staleKey }) => staleKey)).toEqual([true, true]);
    expect(await askOk(fixture, { method: 'GET', path: `/v1/denials/${formerDenialId}` })).toMatchObject({
      staleKey: true,
      principal: byPath.principal,
    });
  });

  test('is read by no review', async () => {
    expect(await review(user('eng/carol'))).toBe('principal_not_mapped');
    expect(await review(federated('Bob'))).toBe('principal_not_mapped');
  });

  test('under the key of another principal is about that principal neither, and leaves its review available', async () => {
    expect(await review(federated('bob'))).toBe('principal_not_mapped');
  });

  test('denies no session in the access review', async () => {
    const admin = { ...carolInput, principal: { arn: role }, username: 'admin' };
    expect((await post('mappings', admin)).status).toBe(201);
    const rows = async (): Promise<AnyJson[]> =>
      (await askOk(fixture, { method: 'GET', path: '/v1/access', query: { clusterId: 'demo' } })).items;
    expect((await rows()).map(({ deniedSessions }) => deniedSessions)).toEqual([undefined]);
    await post('denials', bySession);
    expect((await rows()).map(({ deniedSessions }) => deniedSessions)).toEqual([['Alice']]);
  });

  test('is explained as a near miss', async () => {
    const ask = async (body: object): Promise<AnyJson> =>
      askOk(fixture, { method: 'POST', path: '/v1/explain', body: { clusterId: 'demo', ...body } });
    expect((await ask({ arn: user('new/carol') })).nearMisses).toMatchObject([{ differs: 'stale-key' }]);
    expect((await ask({ arn: user('x/dave') })).nearDenials).toMatchObject([{ differs: 'stale-key' }]);
    expect((await ask({ arn: role, sessionName: 'alice' })).nearDenials).toMatchObject([
      { differs: 'stale-key' },
    ]);
    expect((await ask({ arn: role, sessionName: 'other' })).nearDenials).toMatchObject([
      { differs: 'session' },
    ]);
  });

  test('can be deleted by its id, though its mapping is the last of an admin: it lets nobody in', async () => {
    const path = `/v1/mappings/${formerCarolId}`;
    expect((await fixture.ask({ method: 'DELETE', path })).status).toBe(204);
    expect((await fixture.ask({ method: 'GET', path })).status).toBe(404);
  });

  test('is no admin of a cluster for the last-admin guard', async () => {
    const admin = { ...carolInput, principal: { arn: user('admin') }, username: 'admin' };
    const { body } = await post('mappings', admin);
    const path = `/v1/mappings/${body.id}`;
    expect(await fixture.ask({ method: 'DELETE', path })).toMatchObject({
      status: 409,
      body: { code: 'last_admin' },
    });
  });
});

describe('writing an entry again', () => {
  test.each([
    ['of a user with a path', byPath],
    ['of a session in capitals', bySession],
  ])('moves a denial %s: the new item is written before the old one is deleted', async (_what, denial) => {
    const { status, body } = await post('denials', denial);
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: denialId(denialRef(denial)), principal: denial.principal });
    expect(body.staleKey).toBeUndefined();
    expect(writes).toEqual([
      `put ${JSON.stringify(denialRef(denial))}`,
      `remove ${JSON.stringify(formerDenialRef(denial))}`,
    ]);
    expect((await denials()).filter(({ staleKey }) => staleKey === true)).toHaveLength(1);
  });

  test('moves a mapping by POST, and it lets its user in', async () => {
    expect((await post('mappings', carolInput)).status).toBe(201);
    expect(writes).toHaveLength(2);
    expect(await review(user('eng/carol'))).toBe('mapped');
    expect((await mappings()).map(({ id }) => id)).toContain(mappingId(mappingRef(carol)));
    expect((await mappings()).map(({ id }) => id)).not.toContain(formerCarolId);
  });

  test('moves a mapping by PUT under its stale id, if the version matches', async () => {
    const path = `/v1/mappings/${formerCarolId}`;
    const body = { username: 'carol', groups: ['system:masters'] };
    expect(await fixture.ask({ method: 'PUT', path, body, headers: { 'If-Match': '"7"' } })).toMatchObject({
      status: 412,
    });
    expect(writes).toEqual([]);
    expect(await fixture.ask({ method: 'PUT', path, body, headers: { 'If-Match': '"1"' } })).toMatchObject({
      status: 200,
      body: { id: mappingId(mappingRef(carol)), version: 1 },
    });
    expect(writes).toEqual([
      `put ${JSON.stringify(mappingRef(carol))}`,
      `remove ${JSON.stringify(formerMappingRef(carol))}`,
    ]);
  });

  test('never assigns a stale mapping to another principal, though that has its key', async () => {
    const other = { ...carolInput, principal: { arn: federated('bob') }, username: 'other' };
    const path = `/v1/mappings/${mappingId(formerMappingRef(bob))}`;
    expect(await fixture.ask({ method: 'PUT', path, body: other })).toMatchObject({ status: 400 });
    const { status, body } = await post('mappings', other);
    expect(status).toBe(409);
    expect(body.detail).toContain('about another principal');
    const { owner: _, ...bobInput } = bob;
    expect((await post('mappings', bobInput)).status).toBe(201);
    expect((await post('mappings', other)).status).toBe(201);
    expect(await review(federated('Bob'))).toBe('mapped');
  });

  test('does not change the stale entry of another principal', async () => {
    const { owner: _, ...input } = { ...bob, principal: { arn: federated('BOB') } };
    expect((await post('mappings', input)).status).toBe(201);
    expect(writes).toHaveLength(1);
  });

  test('reports that the old item could not be deleted, and again moves it', async () => {
    refuseRemove = true;
    const { status, body } = await post('denials', byPath);
    expect(status).toBe(201);
    expect(body.warnings).toContainEqual(expect.stringContaining(`${formerDenialId} could not be deleted`));
    refuseRemove = false;
    expect((await post('denials', byPath)).status).toBe(200);
    expect(writes.at(-1)).toBe(`remove ${JSON.stringify(formerDenialRef(byPath))}`);
  });

  test('without the path leaves the old denial for reviewers of an earlier version', async () => {
    expect((await post('denials', { ...byPath, principal: { arn: user('dave') } })).status).toBe(201);
    expect((await denials()).map(({ id }) => id)).toContain(formerDenialId);
    expect(await review(user('x/dave'))).toBe('principal_denied');
  });

  test('writes nothing in a dry run', async () => {
    const query = { dryRun: 'true' };
    await fixture.ask({ method: 'POST', path: '/v1/denials', body: byPath, query });
    await fixture.ask({ method: 'POST', path: '/v1/mappings', body: carolInput, query });
    expect(writes).toEqual([]);
  });
});

describe('a rollback', () => {
  test('of the deletion of a stale denial restores it under its key of today', async () => {
    await fixture.ask({ method: 'DELETE', path: `/v1/denials/${formerDenialId}` });
    const query = { target: `denial/${formerDenialId}` };
    const { items } = await askOk(fixture, { method: 'GET', path: '/v1/changes', query });
    await askOk(fixture, { method: 'POST', path: `/v1/changes/${items[0].id}/rollback` });
    expect(await review(user('x/dave'))).toBe('principal_denied');
    expect((await denials()).map(({ id }) => id)).not.toContain(formerDenialId);
  });
});

describe('a desired state with the same entries', () => {
  const { owner: _, ...bobInput } = bob;
  const state = { denials: [byPath, bySession], mappings: [carolInput, bobInput] };
  const plan = async (): Promise<AnyJson> =>
    askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });

  test('is planned as creates under the keys of today, and deletes with staleKey', async () => {
    const { creates, deletes, updates } = await plan();
    expect(creates.map(({ target }: AnyJson) => target).toSorted()).toEqual(
      [byPath, bySession]
        .map((denial) => `denial/${denialId(denialRef(denial))}`)
        .concat([carol, bob].map((mapping) => `mapping/${mappingId(mappingRef(mapping))}`))
        .toSorted(),
    );
    for (const steps of [creates, deletes]) {
      expect(steps.map(({ staleKey }: AnyJson) => staleKey)).toEqual([true, true, true, true]);
    }
    expect(updates).toEqual([]);
  });

  test('moves them all, denials first, each new item before an old one, and is then empty', async () => {
    const { fingerprint } = await plan();
    const applied = await askOk(fixture, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
    expect(applied).toMatchObject({ failed: [], pending: 0 });
    expect(writes.map((write) => write.split(' ')[0])).toEqual([
      ...Array.from({ length: 4 }, () => 'put'),
      ...Array.from({ length: 4 }, () => 'remove'),
    ]);
    // A moved mapping lets its user in again, so denials come first.
    expect(writes.slice(0, 2).every((write) => !write.includes('"scope"'))).toBe(true);
    expect(await plan()).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: 4 });
    expect(await review(user('x/dave'))).toBe('principal_denied');
    expect(await review(federated('Bob'))).toBe('mapped');
  });

  test('gives the key of a stale entry to the principal whose it is today', async () => {
    const lower = { ...bobInput, principal: { arn: federated('bob') }, username: 'lower' };
    const both = { mappings: [bobInput, lower] };
    const { fingerprint } = await askOk(fixture, { method: 'POST', path: '/v1/plan', body: both });
    const body = { fingerprint, state: both };
    expect(await askOk(fixture, { method: 'POST', path: '/v1/apply', body })).toMatchObject({ failed: [] });
    const left = await mappings();
    expect(new Set(left.map(({ username }) => username))).toEqual(new Set(['bob', 'lower']));
    expect(left.filter(({ staleKey }) => staleKey === true)).toEqual([]);
  });
});
