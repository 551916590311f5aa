/** Denials of the admin API: a user's is written as two, and every answer names what stays open. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { denialId } from '../../lib/records/denial.ts';
import type { Store } from '../../lib/store/ports.ts';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Answered } from '../fixtures/admin-fixture.ts';

const account = '111122223333';
const arnOf = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
const [first, second] = ['AIDAEXAMPLE0000000001', 'AIDAEXAMPLE0000000002'];
const idOf = (uniqueId: string): string => denialId({ principalKey: `principal-id/${uniqueId}` });
const texts = (code: string): unknown => expect.stringMatching(new RegExp(`^${code}: `));

describe('a denial by the admin API', () => {
  let fixture: AdminFixture;
  /** Applied to the next writes of denials, first to last. */
  let refusals: ('refuse' | 'write')[];
  beforeEach(async () => {
    refusals = [];
    fixture = await createAdminFixture({ store: refusing });
    for (const id of ['demo', 'other'])
      await askOk(fixture, { method: 'PUT', path: `/v1/clusters/${id}`, body: {} });
  });
  afterEach(() => fixture.close());

  const refusing = (store: Store): Store => ({
    ...store,
    put: async (current, record, by) =>
      current.kind === 'denial' && refusals.shift() === 'refuse'
        ? { ok: true, value: { applied: false, conflict: 'moved', current } }
        : store.put(current, record, by),
  });
  const map = async (principal: object, more: object = {}): Promise<AnyJson> =>
    askOk(fixture, {
      method: 'POST',
      path: '/v1/mappings',
      body: { scope: 'cluster/demo', principal, username: 'someone', groups: ['developers'], ...more },
    });
  const deny = async (body: object, query: Readonly<Record<string, string>> = {}): Promise<Answered> =>
    fixture.ask({ method: 'POST', path: '/v1/denials', body: { reason: 'left', ...body }, query });
  const denials = async (): Promise<AnyJson[]> =>
    (await askOk(fixture, { method: 'GET', path: '/v1/denials' })).items;
  const subjects = async (): Promise<string[]> =>
    (await denials()).map(({ principal, principalId }) => principalId ?? principal.arn);

  test('of a user whose unique id a mapping pins is written as two, the id first, each with a change record', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    const answer = await deny({ principal: { arn: arnOf('dave') } });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        principal: { arn: arnOf('dave') },
        alsoDenied: [idOf(first)],
        warnings: [texts('roles_stay_open')],
      },
    });
    expect(await subjects()).toEqual([first, arnOf('dave')]);
    const { items } = await askOk(fixture, { method: 'GET', path: '/v1/changes' });
    const targets = items.map(({ target }: AnyJson) => target).slice(0, 2);
    expect(targets).toEqual([`denial/${answer.body.id}`, `denial/${idOf(first)}`]);
  });

  test('of a user covers every unique id that a mapping pins', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    await map({ arn: arnOf('dave') }, { principalId: second, scope: 'cluster/other' });
    const { body } = await deny({ principal: { arn: arnOf('dave') } });
    expect(body.alsoDenied).toEqual([idOf(first), idOf(second)]);
    expect(await subjects()).toEqual([first, second, arnOf('dave')]);
  });

  test('of a user that the table does not know is accepted, with a warning that a renamed user is not denied', async () => {
    const { status, body } = await deny({ principal: { arn: arnOf('carol') } });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('alsoDenied');
    expect(body.warnings[0]).toMatch(/^rename_stays_open: .*iam get-user --user-name carol/);
    expect(await subjects()).toEqual([arnOf('carol')]);
  });

  test('of a user leaves an earlier denial of the unique id as it is, and names it', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    await deny({ principalId: first, reason: 'stolen laptop' });
    const { body } = await deny({ principal: { arn: arnOf('dave') } });
    expect(body.alsoDenied).toEqual([idOf(first)]);
    expect(await denials()).toMatchObject([{ reason: 'stolen laptop', version: 1 }, { reason: 'left' }]);
  });

  test('of a user is two records: each is deleted by itself, and the other stays', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    const { body } = await deny({ principal: { arn: arnOf('dave') } });
    await askOk(fixture, { method: 'DELETE', path: `/v1/denials/${body.id}` });
    expect(await denials()).toMatchObject([{ principalId: first, userArn: arnOf('dave') }]);
    await askOk(fixture, { method: 'DELETE', path: `/v1/denials/${idOf(first)}` });
    expect(await denials()).toEqual([]);
  });

  test('of a user in a dry run names both and writes neither', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    const answer = await deny({ principal: { arn: arnOf('dave') } }, { dryRun: 'true' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        action: 'create',
        alsoDenied: [idOf(first)],
        warnings: [texts('roles_stay_open')],
      },
    });
    expect(await denials()).toEqual([]);
  });

  test('of a user that is refused for the last admin writes neither', async () => {
    await map({ arn: arnOf('root-of-demo') }, { principalId: first, groups: ['system:masters'] });
    const answer = await deny({ principal: { arn: arnOf('root-of-demo') } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    expect(await denials()).toEqual([]);
  });

  test('of a user whose second write fails answers which of the two holds', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    refusals = ['write', 'refuse'];
    const answer = await deny({ principal: { arn: arnOf('dave') } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'write_conflict' } });
    expect(answer.body.detail).toMatch(
      /^The denial of AIDAEXAMPLE0000000001 is written and holds; the rest is not: /,
    );
    expect(await subjects()).toEqual([first]);
    expect(await deny({ principal: { arn: arnOf('dave') } })).toMatchObject({ status: 201 });
    expect(await subjects()).toEqual([first, arnOf('dave')]);
  });

  test('of a user whose first write fails is the answer of that write, and nothing is written', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    refusals = ['refuse'];
    const answer = await deny({ principal: { arn: arnOf('dave') } });
    expect(answer.body.detail).toMatch(/^Another write has just changed it/);
    expect(await denials()).toEqual([]);
  });

  test('by an operator is refused before the table is read for the unique id', async () => {
    await map({ arn: arnOf('dave') }, { principalId: first });
    const body = { principal: { arn: arnOf('dave') }, reason: 'left' };
    const answer = await fixture.ask({ method: 'POST', path: '/v1/denials', body, caller: callers.operator });
    expect(answer).toMatchObject({ status: 403 });
    expect(await denials()).toEqual([]);
  });

  test('of a user names the mapped roles, permission sets and federated users of the account that stay open', async () => {
    await map({ arn: `arn:aws:iam::${account}:role/Admin` });
    await map({ permissionSet: { accountId: account, name: 'Ops' } });
    await map({ arn: `arn:aws:sts::${account}:federated-user/ci` });
    await map({ arn: arnOf('erin') });
    await map({ arn: 'arn:aws:iam::444455556666:role/Elsewhere' });
    const { body } = await deny({ principal: { arn: arnOf('dave') } });
    const [, roles] = body.warnings;
    expect(roles).toContain(
      `arn:aws:iam::${account}:role/Admin, arn:aws:sts::${account}:federated-user/ci, permission set Ops in ${account}.`,
    );
    expect(roles).not.toMatch(/erin|Elsewhere/);
  });

  test('of a user does not name a role that is denied as a whole already', async () => {
    await map({ arn: `arn:aws:iam::${account}:role/Admin` });
    await deny({ principal: { arn: `arn:aws:iam::${account}:role/Admin` } });
    const { body } = await deny({ principal: { arn: arnOf('dave') } });
    expect(body.warnings[1]).toContain('as far as the table knows: none.');
  });

  test('is listed and shown with what it leaves open, computed from the table of today', async () => {
    await deny({ principal: { arn: arnOf('dave') } });
    await deny({ accessKeyId: 'AKIAEXAMPLE000000001' });
    expect(await denials()).toMatchObject([
      { warnings: [texts('rename_stays_open'), texts('roles_stay_open')] },
      { warnings: [texts('key_gives_other_keys')] },
    ]);
    await deny({ principalId: first, userArn: arnOf('dave') });
    const listed = await denials();
    expect(listed[0]).toMatchObject({ warnings: [texts('roles_stay_open')] });
    expect(listed[2]).toMatchObject({ userArn: arnOf('dave'), warnings: [texts('roles_stay_open')] });
    const { warnings } = await askOk(fixture, { method: 'GET', path: `/v1/denials/${listed[0].id}` });
    expect(warnings).toEqual([texts('roles_stay_open')]);
  });

  test('is explained with what it leaves open; other denials with the condition under which they would hold', async () => {
    await map({ arn: `arn:aws:iam::${account}:role/Admin` });
    const principal = { arn: `arn:aws:iam::${account}:role/Admin` };
    await deny({ principal, sessionName: 'alice' });
    await deny({ principal: { arn: arnOf('bob') } });
    const explain = async (name: string): Promise<AnyJson> =>
      askOk(fixture, {
        method: 'POST',
        path: '/v1/explain',
        body: { clusterId: 'demo', arn: `arn:aws:sts::${account}:assumed-role/Admin/${name}` },
      });
    expect(await explain('alice')).toMatchObject({
      code: 'principal_denied',
      denials: [{ warnings: [texts('session_name_chosen'), texts('other_roles_stay_open')] }],
      nearDenials: [],
    });
    expect(await explain('bob')).toMatchObject({
      code: 'verified',
      denials: [],
      nearDenials: [{ differs: 'session', sessionName: 'alice' }, { differs: 'person' }],
      nearMissesComplete: true,
    });
  });

  describe('of a desired state', () => {
    const denied = (name: string) => ({ principal: { arn: arnOf(name) }, reason: 'left' });
    const plan = async (state: object): Promise<AnyJson> =>
      askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });
    const apply = async (state: object): Promise<AnyJson> => {
      const { fingerprint } = await plan(state);
      return askOk(fixture, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
    };

    test('is two denials for a user whose unique id the table knows, the id first, and then in step', async () => {
      await map({ arn: arnOf('dave') }, { principalId: first });
      const state = { denials: [denied('dave'), denied('carol')] };
      const { creates, warnings } = await plan(state);
      expect(creates.map(({ after }: AnyJson) => after.principalId ?? after.principal.arn)).toEqual([
        first,
        arnOf('carol'),
        arnOf('dave'),
      ]);
      expect(warnings.filter((text: string) => text.startsWith('rename_stays_open'))).toEqual([
        expect.stringContaining('carol'),
      ]);
      expect(await apply(state)).toMatchObject({ failed: [], pending: 0, applied: { length: 3 } });
      expect(await plan(state)).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: 3 });
    });

    test('covers the unique id that a mapping of the same state pins', async () => {
      const mapping = {
        scope: 'all',
        principal: { arn: arnOf('dave') },
        principalId: first,
        username: 'd',
        groups: [],
      };
      const { creates } = await plan({ mappings: [mapping], denials: [denied('dave')] });
      expect(creates.map(({ kind }: AnyJson) => kind)).toEqual(['mapping', 'denial', 'denial']);
    });

    test('keeps the denial of the unique id after the mapping that pinned it is gone', async () => {
      const { id } = await map({ arn: arnOf('dave') }, { principalId: first });
      await deny({ principal: { arn: arnOf('dave') } });
      await askOk(fixture, { method: 'DELETE', path: `/v1/mappings/${id}` });
      const kept = await plan({ denials: [denied('dave')] });
      expect(kept).toMatchObject({ creates: [], updates: [], deletes: [], unchanged: 2, warnings: [] });
      expect((await plan({ denials: [] })).deletes).toHaveLength(2);
    });

    test('that lists the unique id itself is applied unchanged', async () => {
      await map({ arn: arnOf('dave') }, { principalId: first });
      const state = { denials: [denied('dave'), { principalId: first, reason: 'stolen' }] };
      const { creates } = await plan(state);
      expect(creates.map(({ after }: AnyJson) => after.reason)).toEqual(['stolen', 'left']);
    });
  });
});
