import { describe, expect, test } from 'vitest';
import { demoFixture, readFixture } from '../../../dev/fixture/read.ts';
import { findLogin, findRole, findStranger } from '../../../dev/server/login.ts';
import { must } from '../../fixtures/store-writes.ts';

const fixture = must(readFixture(demoFixture()));
const login = findLogin(fixture)!;

describe('the login of countersign dev', () => {
  test('is that of alice for the demo, with her role, and mallory has no mapping', () => {
    expect([login.clusterId, login.user.name]).toStrictEqual(['demo', 'alice']);
    expect(findRole(fixture, login)?.name).toBe('KubernetesAdmin');
    expect(findStranger(fixture)?.name).toBe('mallory');
  });

  test('does not exist if no cluster has a webhook token', () => {
    const clusters = fixture.clusters.map((cluster) => ({ ...cluster, webhookTokens: [] }));
    expect(findLogin({ ...fixture, clusters })).toBeUndefined();
  });
});
