import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked } from '../fixtures/admin-fixture.ts';
import {
  admins,
  binding,
  denied,
  get,
  idIn,
  mapped,
  owners,
  roles,
  rows,
  scopes,
  write,
} from './role-matrix.ts';
import type { Row, Who } from './role-matrix.ts';

let fixture: AdminFixture;
let change: string;
let token: string;
let runId: string;
beforeAll(async () => {
  fixture = await createAdminFixture();
  for (const set of ['prod', 'empty'])
    await askOk(fixture, { method: 'PUT', path: `/v1/sets/${set}`, body: {} });
  for (const id of ['own', 'other'])
    await askOk(fixture, { method: 'PUT', path: `/v1/clusters/${id}`, body: {} });
  for (const [scope] of scopes) {
    await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: { ...mapped, scope } });
  }
  await askOk(fixture, { method: 'POST', path: '/v1/denials', body: denied });
  await askOk(fixture, { method: 'PUT', path: '/v1/group-bindings/g', body: binding });
  token = (await askOk(fixture, { method: 'POST', path: '/v1/clusters/own/webhook-tokens' })).id;
  runId = (await askOk(fixture, { method: 'POST', path: '/v1/group-sync/runs' })).id;
  const target = `mapping/${idIn('cluster/own')}`;
  change = (await askOk(fixture, { method: 'GET', path: '/v1/changes', query: { target } })).items[0].id;
});
afterAll(async () => {
  await fixture.close();
});

/** Rows whose ids exist only after the set-up. */
const late = (): readonly Row[] => [
  get('getChange', `/v1/changes/${change}`),
  get('getGroupSyncRun', `/v1/group-sync/runs/${runId}`),
  write('roll back in the scope of the operator', 'rollbackChange', admins, {
    method: 'POST',
    path: `/v1/changes/${change}/rollback`,
  }),
  write('delete a webhook token with force', 'deleteWebhookToken', admins, {
    method: 'DELETE',
    path: `/v1/clusters/own/webhook-tokens/${token}`,
    query: { force: 'true', dryRun: 'true' },
  }),
  write('delete a webhook token', 'deleteWebhookToken', owners, {
    method: 'DELETE',
    path: `/v1/clusters/own/webhook-tokens/${token}`,
  }),
];

const snapshot = async (): Promise<AnyJson> =>
  Promise.all(
    ['/v1/clusters', '/v1/sets', '/v1/mappings', '/v1/denials', '/v1/group-bindings', '/v1/changes'].map(
      async (path) => (await fixture.ask({ method: 'GET', path, query: { limit: '200' } })).body,
    ),
  );

/** `allowed`, or the code of the refusal. */
const verdict = async (row: Row, who: Who): Promise<string> => {
  const answer = await fixture.ask({ ...row.asked, caller: callers[who] });
  return answer.status < 300 ? 'allowed' : String(answer.body.code);
};
const expected = (row: Row, who: Who): string => (row.allowed.includes(who) ? 'allowed' : 'forbidden');

describe('a role may call exactly the routes of its scopes', () => {
  test.each(rows.flatMap((row) => roles.map((who) => [`${who}: ${row.name}`, row, who] as const)))(
    'as the matrix says for %s',
    async (_name, row, who) => {
      expect(await verdict(row, who)).toBe(expected(row, who));
    },
  );

  test('as the matrix says for changes, sync runs and webhook tokens', async () => {
    for (const row of late()) {
      for (const who of roles)
        expect(await verdict(row, who), `${who}: ${row.name}`).toBe(expected(row, who));
    }
  });

  test('of a matrix that has every route', () => {
    const covered = new Set([...rows, ...late()].map(({ operation }) => operation));
    expect(adminRoutes.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });
});

describe('authorization of a write', () => {
  test('refuses an operator who moves a mapping into or out of another scope', async () => {
    const move = (from: Scope, to: Scope): Asked => ({
      method: 'PUT',
      path: `/v1/mappings/${idIn(from)}`,
      body: { ...mapped, scope: to },
      caller: callers.operator,
    });
    for (const asked of [
      move('cluster/own', 'cluster/other'),
      move('cluster/other', 'cluster/own'),
      move('cluster/own', 'all'),
    ]) {
      expect(await fixture.ask(asked)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(
      await fixture.ask({ ...move('cluster/own', 'cluster/other'), caller: callers.admin }),
    ).toMatchObject({ status: 400 });
  });

  test('refuses an operator who would take a cluster out of a set by deleting and recreating it', async () => {
    const path = '/v1/clusters/own';
    await askOk(fixture, { method: 'PUT', path, body: { sets: ['prod'] } });
    expect(await fixture.ask({ method: 'DELETE', path, caller: callers.operator })).toMatchObject({
      status: 403,
    });
    expect(await fixture.ask({ method: 'PUT', path, body: {}, caller: callers.operator })).toMatchObject({
      status: 403,
    });
    await askOk(fixture, { method: 'PUT', path, body: {} });
  });

  test('that refuses it changes nothing in the table', async () => {
    const before = await snapshot();
    for (const row of [...rows, ...late()].filter(({ asked }) => asked.method !== 'GET')) {
      for (const caller of [callers.auditor, callers.stranger]) {
        await fixture.ask({
          ...row.asked,
          query: row.operation === 'plan' || row.operation === 'explain' ? {} : { force: 'true' },
          caller,
        });
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  test('that allows a dry run changes nothing in the table', async () => {
    const before = await snapshot();
    for (const row of [...rows, ...late()].filter(({ operation }) => operation !== 'startGroupSync'))
      await fixture.ask(row.asked);
    expect(await snapshot()).toEqual(before);
  });
});

describe('without COUNTERSIGN_ADMINS', () => {
  test('every route is refused, and the answer names the missing setting', async () => {
    const open = await createAdminFixture({ admins: undefined });
    try {
      for (const route of adminRoutes.filter(({ who }) => who !== 'anyone')) {
        const path = route.path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await open.ask({ method: route.method, path });
        expect(answer, route.id).toMatchObject({ status: 403, body: { code: 'admins_not_configured' } });
        expect(answer.body.detail).toContain('COUNTERSIGN_ADMINS');
      }
      expect((await open.ask({ method: 'GET', path: '/v1/info' })).body).toMatchObject({ role: 'none' });
    } finally {
      await open.close();
    }
  });
});
