import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers, createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked, EventShape } from '../fixtures/admin-fixture.ts';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { roleArn } from '../fixtures/records.ts';
import { isRecordRoute } from './admin-routes.ts';

/** Every route of this kind, with each event shape of AWS. Every answer is checked against the OpenAPI document. */
describe.each<EventShape>(['rest', 'function-url'])(
  'the other routes of the admin API by events of %s',
  (shape) => {
    let fixture: AdminFixture;
    const admin = {
      scope: 'set/prod',
      principal: { arn: roleArn('x/Admin') },
      username: 'admin',
      groups: ['system:masters'],
    };
    const binding = {
      iamGroup: 'arn:aws:iam::111122223333:group/Developers',
      scope: 'set/prod',
      groups: ['developers'],
    };
    let mapping: AnyJson;
    const used = new Set<string>();
    const ask = async (method: string, path: string, more: Omit<Asked, 'method' | 'path'> = {}) => {
      const answer = await fixture.ask({ method, path, ...more }, shape);
      used.add(fixture.log.at(-1)?.operation ?? '');
      return answer;
    };
    beforeAll(async () => {
      fixture = await createAdminFixture();
      await askOk(fixture, { method: 'PUT', path: '/v1/sets/prod', body: {} });
      await askOk(fixture, { method: 'PUT', path: '/v1/clusters/own', body: { sets: ['prod'] } });
      const { id } = await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: admin });
      const body = { username: 'root', groups: ['system:masters', 'a'] };
      mapping = await askOk(fixture, { method: 'PUT', path: `/v1/mappings/${id}`, body });
      await askOk(fixture, { method: 'PUT', path: '/v1/group-bindings/developers', body: binding });
    });
    afterAll(async () => {
      await fixture.close();
    });

    test('reports the deployment and the role of the caller', async () => {
      expect(await ask('GET', '/v1/info')).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
        body: {
          version: '1.2.3',
          region: 'eu-central-1',
          table: 'countersign',
          reviewEndpoint: 'https://reviews.example.com',
          role: 'admin',
        },
      });
      expect((await ask('GET', '/v1/info', { caller: callers.operator })).body).toMatchObject({
        role: 'operator',
        scopes: ['cluster/own'],
      });
      expect((await ask('GET', '/v1/info', { caller: callers.stranger })).body).toMatchObject({
        role: 'none',
      });
    });

    test('serves its OpenAPI document', async () => {
      expect((await ask('GET', '/v1/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    });

    test('records a sync run before it starts it', async () => {
      const path = '/v1/group-sync/runs';
      expect(await ask('POST', path, { body: { bindings: ['nowhere'] } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'bindings[0]' }] },
      });
      const made = await ask('POST', path, { body: { dryRun: true, bindings: ['developers'] } });
      expect(made).toMatchObject({ status: 202 });
      expect(fixture.syncs.at(-1)).toEqual({
        runId: made.body.id,
        requestedBy: callers.admin,
        dryRun: true,
        only: ['developers'],
        force: false,
      });
      expect((await ask('GET', `${path}/${made.body.id}`)).body).toMatchObject({
        state: 'running',
        dryRun: true,
      });
      expect((await ask('GET', path)).body.items).toHaveLength(1);
      expect(await ask('GET', `${path}/01ARZ3NDEKTSV4RRFFQ69G5FAV`)).toMatchObject({ status: 404 });
      expect(await ask('POST', path)).toMatchObject({ status: 202 });
    });

    test('explains and lists access as a review decides it', async () => {
      const body = { clusterId: 'own', arn: 'arn:aws:sts::111122223333:assumed-role/Admin/bob' };
      expect((await ask('POST', '/v1/explain', { body })).body).toMatchObject({
        outcome: 'verified',
        username: 'root',
        groups: ['a', 'system:masters'],
        namedBy: mapping.id,
        entries: [{ live: true, mappingId: mapping.id }],
      });
      const rows = [
        { clusterId: 'own', username: 'root', grantedBy: [{ mappingId: mapping.id, by: callers.admin }] },
      ];
      expect((await ask('GET', '/v1/access', { query: { clusterId: 'own' } })).body.items).toMatchObject(
        rows,
      );
      expect(
        (await ask('GET', '/v1/access', { query: { principal: roleArn('x/Admin') } })).body.items,
      ).toMatchObject(rows);
      expect(await ask('GET', '/v1/access')).toMatchObject({ status: 400 });
      expect(await ask('GET', '/v1/access', { query: { clusterId: 'nowhere' } })).toMatchObject({
        status: 404,
      });
    });

    test('plans a desired state and applies it under its fingerprint', async () => {
      const state = { denials: [{ accessKeyId: 'AKIAEXAMPLEEXAMPLE01', reason: 'leaked' }] };
      const plan = (await ask('POST', '/v1/plan', { body: state })).body;
      expect(plan).toMatchObject({ creates: [{ kind: 'denial' }], updates: [], deletes: [], unchanged: 0 });
      const { fingerprint } = plan;
      expect((await ask('POST', '/v1/apply', { body: { fingerprint, state } })).body).toMatchObject({
        applied: [plan.creates[0].target],
        failed: [],
        pending: 0,
      });
      expect(await ask('POST', '/v1/apply', { body: { fingerprint, state } })).toMatchObject({
        status: 409,
        body: { code: 'plan_moved' },
      });
      expect((await ask('POST', '/v1/plan', { body: state })).body).toMatchObject({
        creates: [],
        unchanged: 1,
      });
    });

    test('shows changes with their outcome and rolls them back', async () => {
      const target = `mapping/${mapping.id}`;
      const { items } = (await ask('GET', '/v1/changes', { query: { target } })).body;
      expect(items).toMatchObject([
        {
          action: 'update',
          version: 2,
          fate: 'applied',
          actor: callers.admin,
          before: { username: 'admin' },
          after: { username: 'root' },
        },
        { action: 'create', version: 1, fate: 'applied' },
      ]);
      const [update, create] = items;
      expect((await ask('GET', `/v1/changes/${update.id}`)).body).toEqual(update);
      expect(await ask('POST', `/v1/changes/${create.id}/rollback`)).toMatchObject({
        status: 409,
        body: { code: 'target_changed' },
      });
      expect(
        await ask('POST', `/v1/changes/${update.id}/rollback`, { query: { dryRun: 'true' } }),
      ).toMatchObject({
        body: { dryRun: true, after: { username: 'admin' } },
      });
      const rollback = `/v1/changes/${update.id}/rollback`;
      expect(await ask('POST', rollback, { body: { force: true } })).toMatchObject({ status: 400 });
      // Clients that always send a body send an empty object.
      expect(await ask('POST', rollback, { body: {} })).toMatchObject({
        status: 200,
        body: { username: 'admin', version: 3 },
      });
      const log = (await ask('GET', '/v1/changes', { query: { target } })).body.items;
      expect(log[0]).toMatchObject({ rollbackOf: update.id, previous: update.id });
      expect((await ask('GET', '/v1/changes', { query: { actor: callers.operator } })).body.items).toEqual(
        [],
      );
      expect(
        (await ask('GET', '/v1/changes', { query: { since: '2100-01-01T00:00:00Z' } })).body.items,
      ).toEqual([]);
      expect(await ask('GET', '/v1/changes/nothing')).toMatchObject({ status: 404 });
    });

    test('is called on every one of these routes', () => {
      expect(
        adminRoutes
          .filter((route) => !isRecordRoute(route))
          .map(({ id }) => id)
          .filter((id) => !used.has(id)),
      ).toEqual([]);
    });
  },
);
