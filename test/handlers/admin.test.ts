import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers, createAdminFixture } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson, Asked, EventShape } from '../fixtures/admin-fixture.ts';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { roleArn } from '../fixtures/records.ts';
import { isRecordRoute } from './admin-routes.ts';

/** Every route of this kind, with each event shape of AWS. Every answer is checked against the OpenAPI document. */
describe.each<EventShape>(['rest', 'function-url'])(
  'the record routes of the admin API by events of %s',
  (shape) => {
    let fixture: AdminFixture;
    const used = new Set<string>();
    const ask = async (method: string, path: string, more: Omit<Asked, 'method' | 'path'> = {}) => {
      const answer = await fixture.ask({ method, path, ...more }, shape);
      used.add(fixture.log.at(-1)?.operation ?? '');
      return answer;
    };
    beforeAll(async () => {
      fixture = await createAdminFixture();
    });
    afterAll(async () => {
      await fixture.close();
    });

    test('creates a set, updates it under If-Match and lists it', async () => {
      expect(await ask('PUT', '/v1/sets/prod', { body: {} })).toMatchObject({
        status: 201,
        headers: { etag: '"1"' },
        body: { name: 'prod', version: 1, createdBy: callers.admin },
      });
      const body = { description: 'production' };
      expect(await ask('PUT', '/v1/sets/prod', { body, headers: { 'If-Match': '"7"' } })).toMatchObject({
        status: 412,
        body: { code: 'version_mismatch' },
      });
      expect(await ask('PUT', '/v1/sets/prod', { body, headers: { 'If-Match': '"1"' } })).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
        body: { description: 'production', version: 2 },
      });
      expect(await ask('GET', '/v1/sets/prod')).toMatchObject({ status: 200, headers: { etag: '"2"' } });
      expect((await ask('GET', '/v1/sets')).body.items).toHaveLength(1);
    });

    test('changes and logs nothing for a PUT of the stored record', async () => {
      const body = { description: 'production' };
      expect((await ask('PUT', '/v1/sets/prod', { body })).body).toMatchObject({ version: 2 });
      expect((await ask('GET', '/v1/changes', { query: { target: 'set/prod' } })).body.items).toHaveLength(2);
    });

    test('registers a cluster with defaults under the id of the path', async () => {
      expect(await ask('PUT', '/v1/clusters/own', { body: { sets: ['prod'] } })).toMatchObject({
        status: 201,
        body: { id: 'own', partition: 'aws', sets: ['prod'], adminGroups: ['system:masters'], version: 1 },
      });
      expect(await ask('PUT', '/v1/clusters/own', { body: { id: 'other' } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'id' }] },
      });
      expect(await ask('PUT', '/v1/clusters/own', { body: { sets: ['prod', 'nowhere'] } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'sets[0]', message: expect.stringContaining('nowhere') }] },
      });
      expect(await ask('GET', '/v1/clusters/own')).toMatchObject({ status: 200, headers: { etag: '"1"' } });
      expect(await ask('GET', '/v1/clusters/none')).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
      expect((await ask('GET', '/v1/clusters')).body.items).toMatchObject([{ id: 'own' }]);
    });

    test('shows a webhook token once, stores its hash, accepts several, and logs none of them', async () => {
      const path = '/v1/clusters/own/webhook-tokens';
      const made = await ask('POST', path);
      expect(made).toMatchObject({ status: 201, body: { token: expect.stringMatching(/^cswt_[\w-]{43}$/) } });
      await ask('POST', path);
      const listed = (await ask('GET', path)).body;
      expect(listed.items).toHaveLength(2);
      expect(JSON.stringify(listed)).not.toContain(made.body.token);
      expect(await ask('DELETE', `${path}/${made.body.id}`, { query: { dryRun: 'true' } })).toMatchObject({
        status: 200,
      });
      expect(await ask('DELETE', `${path}/${made.body.id}`)).toMatchObject({ status: 204, body: undefined });
      expect(await ask('DELETE', `${path}/${made.body.id}`)).toMatchObject({ status: 404 });
      expect((await ask('GET', path)).body.items).toHaveLength(1);
      const log = (await ask('GET', '/v1/changes')).body;
      expect(JSON.stringify(log)).not.toMatch(/sha256:|cswt_/);
      expect(await ask('POST', '/v1/clusters/none/webhook-tokens')).toMatchObject({ status: 404 });
    });

    const admin = {
      scope: 'set/prod',
      principal: { arn: roleArn('x/Admin') },
      username: 'admin',
      groups: ['system:masters'],
    };
    let mapping: AnyJson;

    test('previews, creates, updates and lists mappings, and refuses a duplicate', async () => {
      expect(await ask('POST', '/v1/mappings', { body: admin, query: { dryRun: 'true' } })).toMatchObject({
        status: 200,
        body: { dryRun: true, action: 'create', after: { username: 'admin' } },
      });
      expect((await ask('GET', '/v1/mappings')).body.items).toEqual([]);
      const made = await ask('POST', '/v1/mappings', { body: admin });
      mapping = made.body;
      expect(made).toMatchObject({
        status: 201,
        headers: { etag: '"1"' },
        body: {
          owner: 'manual',
          version: 1,
          principal: { arn: roleArn('x/Admin') },
          principalKey: roleArn('admin'),
        },
      });
      expect(made.body.warnings).toEqual([
        expect.stringContaining('STS does not report role paths'),
        expect.stringContaining('is not pinned'),
      ]);
      const twin = { ...admin, principal: { arn: roleArn('y/ADMIN') } };
      expect(await ask('POST', '/v1/mappings', { body: twin })).toMatchObject({
        status: 409,
        body: { code: 'already_exists' },
      });

      const path = `/v1/mappings/${mapping.id}`;
      const changed = await ask('PUT', path, { body: { username: 'root', groups: ['system:masters', 'a'] } });
      expect(changed).toMatchObject({
        status: 200,
        body: { version: 2, username: 'root', principal: { arn: roleArn('x/Admin') } },
      });
      for (const moved of [{ scope: 'all' }, { principal: { arn: roleArn('Other') } }]) {
        expect(await ask('PUT', path, { body: { ...admin, ...moved } })).toMatchObject({
          status: 400,
          body: { errors: [{ path: Object.keys(moved)[0] }] },
        });
      }
      expect((await ask('GET', path)).body).toMatchObject({ version: 2 });
      for (const query of [
        {},
        { scope: 'set/prod' },
        { principal: roleArn('admin') },
        { principal: roleArn('z/Admin'), scope: 'set/prod' },
      ]) {
        expect((await ask('GET', '/v1/mappings', { query })).body.items, JSON.stringify(query)).toMatchObject(
          [{ id: mapping.id }],
        );
      }
      expect((await ask('GET', '/v1/mappings', { query: { scope: 'all' } })).body.items).toEqual([]);
    });

    test('refuses a mapping in a scope that does not exist', async () => {
      for (const scope of ['cluster/nowhere', 'set/nowhere']) {
        expect(await ask('POST', '/v1/mappings', { body: { ...admin, scope } })).toMatchObject({
          status: 400,
          body: { errors: [{ path: 'scope' }] },
        });
      }
    });

    test('reports every error of a body at once', async () => {
      const body = {
        scope: 'x',
        principal: {},
        username: '{{SessionName}}',
        groups: ['system:authenticated'],
        color: 'red',
      };
      const answer = await ask('POST', '/v1/mappings', { body });
      expect(answer.body.errors.map(({ path }: AnyJson) => path).toSorted()).toEqual([
        'color',
        'groups[0]',
        'principal',
        'scope',
        'username',
      ]);
    });

    test('replaces a denial by a POST of the same subject', async () => {
      const body = { principal: { arn: 'arn:aws:iam::111122223333:user/bob' }, reason: 'left' };
      const made = await ask('POST', '/v1/denials', { body });
      const warnings = [
        expect.stringMatching(/^rename_stays_open: /),
        expect.stringMatching(/^roles_stay_open: /),
      ];
      expect(made).toMatchObject({ status: 201, body: { warnings } });
      expect(await ask('POST', '/v1/denials', { body: { ...body, reason: 'left for good' } })).toMatchObject({
        status: 200,
        body: { id: made.body.id, version: 2, reason: 'left for good' },
      });
      const path = `/v1/denials/${made.body.id}`;
      expect((await ask('GET', path)).body).toMatchObject({ version: 2 });
      expect((await ask('GET', '/v1/denials')).body.items).toHaveLength(1);
      expect(await ask('DELETE', path)).toMatchObject({ status: 204 });
      expect(await ask('GET', path)).toMatchObject({ status: 404 });
    });

    test('creates, reads, lists, deletes and recreates a group binding', async () => {
      const body = {
        iamGroup: 'arn:aws:iam::111122223333:group/Developers',
        scope: 'set/prod',
        groups: ['developers'],
      };
      const path = '/v1/group-bindings/developers';
      expect(await ask('PUT', path, { body })).toMatchObject({
        status: 201,
        body: { id: 'developers', username: 'aws:{{AccountID}}:{{UserName}}', version: 1 },
      });
      expect((await ask('GET', path)).body).toMatchObject({ version: 1 });
      expect((await ask('GET', '/v1/group-bindings')).body.items).toHaveLength(1);
      expect(await ask('DELETE', path, { headers: { 'If-Match': '"2"' } })).toMatchObject({ status: 412 });
      expect(await ask('DELETE', path, { headers: { 'If-Match': '"1"' } })).toMatchObject({ status: 204 });
      expect(await ask('PUT', path, { body })).toMatchObject({ status: 201, body: { version: 3 } });
    });

    test('refuses to delete a record that others refer to, and deletes everything else', async () => {
      expect(await ask('DELETE', '/v1/sets/prod')).toMatchObject({
        status: 409,
        body: { code: 'not_empty' },
      });
      expect(await ask('DELETE', '/v1/group-bindings/developers')).toMatchObject({ status: 204 });
      expect(await ask('DELETE', `/v1/mappings/${mapping.id}`)).toMatchObject({
        status: 409,
        body: { code: 'last_admin' },
      });
      expect(await ask('DELETE', `/v1/mappings/${mapping.id}`, { query: { force: 'true' } })).toMatchObject({
        status: 204,
      });
      expect(await ask('DELETE', '/v1/clusters/own')).toMatchObject({ status: 204 });
      expect(await ask('DELETE', '/v1/sets/prod')).toMatchObject({ status: 204 });
      for (const path of ['/v1/clusters', '/v1/sets', '/v1/mappings']) {
        expect((await ask('GET', path)).body, path).toEqual({ items: [] });
      }
    });

    test('is called on every one of these routes', () => {
      expect(
        adminRoutes
          .filter(isRecordRoute)
          .map(({ id }) => id)
          .filter((id) => !used.has(id)),
      ).toEqual([]);
    });
  },
);
