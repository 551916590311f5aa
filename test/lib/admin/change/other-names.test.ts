/** What a write compares its username with: the entries of every scope that meets its own, and no more than a bounded number. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../../../../lib/errors.ts';
import type { Store } from '../../../../lib/store/ports.ts';
import { createAdminFixture, askOk } from '../../../fixtures/admin-fixture.ts';
import type { AdminFixture } from '../../../fixtures/admin-fixture.ts';
import { roleArn } from '../../../fixtures/records.ts';

describe('the answer to a write', () => {
  let fixture: AdminFixture;
  let failing: boolean;
  const flaky = (store: Store): Store => ({
    ...store,
    listMappingsByScope: async (scope, page) =>
      failing ? unavailable('store_unavailable', { cause: 'test' }) : store.listMappingsByScope(scope, page),
  });
  beforeEach(async () => {
    failing = false;
    fixture = await createAdminFixture({ store: flaky });
    await askOk(fixture, { method: 'PUT', path: '/v1/sets/prod', body: {} });
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/demo', body: { sets: ['prod'] } });
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/other', body: {} });
  });
  afterEach(() => fixture.close());

  const map = async (name: string, scope: string, username: string, more: object = {}): Promise<string> => {
    const body = { scope, principal: { arn: roleArn(name) }, username, groups: ['g'], ...more };
    const answer = await askOk(fixture, { method: 'POST', path: '/v1/mappings', body });
    return JSON.stringify(answer['warnings'] ?? []);
  };

  test.each([
    ['all', 'cluster/demo'],
    ['cluster/demo', 'all'],
    ['set/prod', 'cluster/demo'],
    ['cluster/demo', 'set/prod'],
    ['set/prod', 'all'],
  ])(
    'warns of the same username of another principal: stored in %s, written in %s',
    async (stored, written) => {
      await map('A', stored, 'ops');
      expect(await map('B', written, 'ops')).toContain(`role/A (${stored}) as ops`);
    },
  );

  test.each([
    ['cluster/other', 'cluster/demo'],
    ['set/prod', 'cluster/other'],
  ])(
    'does not warn of an entry that no cluster shares: stored in %s, written in %s',
    async (stored, written) => {
      await map('A', stored, 'ops');
      expect(await map('B', written, 'ops')).not.toContain('can also be that of');
    },
  );

  test('does not warn of an entry that has expired', async () => {
    await map('A', 'all', 'ops', { expiresAt: '2001-01-01T00:00:00Z' });
    expect(await map('B', 'all', 'ops')).not.toContain('can also be that of');
  });

  test('warns of the rename of a principal that is mapped in a wider scope', async () => {
    await map('PlatformAdmin', 'all', 'platform:{{SessionName}}');
    expect(await map('PlatformAdmin', 'cluster/demo', 'mallory')).toContain(
      'has two usernames: where cluster/demo and all meet it is mallory',
    );
  });

  test('warns of the names that a binding assigns, in both directions', async () => {
    const body = { iamGroup: 'arn:aws:iam::111122223333:group/Dev', scope: 'set/prod', groups: ['dev'] };
    const put = { method: 'PUT', path: '/v1/group-bindings/dev', body } as const;
    await askOk(fixture, put);
    expect(await map('A', 'cluster/demo', 'aws:111122223333:alice')).toContain('of the group binding dev');
    const again = await askOk(fixture, put);
    expect(JSON.stringify(again['warnings'])).toContain('role/A (cluster/demo) as aws:111122223333:alice');
  });

  test('says that not everything was compared if a list could not be read, and is written all the same', async () => {
    failing = true;
    expect(await map('A', 'all', 'ops')).toContain('compared with a part of the entries only');
  });
});
