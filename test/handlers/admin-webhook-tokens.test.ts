/** How many webhook tokens a cluster may have: each costs every request of the cluster a comparison. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashWebhookToken } from '../../lib/token/webhook-token.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';

describe('a cluster', () => {
  let fixture: AdminFixture;
  const path = '/v1/clusters/own/webhook-tokens';
  const hashes = (prefix: string, length: number): readonly string[] =>
    Array.from({ length }, (_, index) => hashWebhookToken(`${prefix}${index}`));
  const stateOf = (webhookTokenHashes: readonly string[]): AnyJson => ({
    managed: { scopes: ['cluster/own'] },
    clusters: [{ id: 'own', webhookTokenHashes }],
  });
  const apply = async (state: AnyJson): Promise<void> => {
    const { fingerprint } = await askOk(fixture, { method: 'POST', path: '/v1/plan', body: state });
    await askOk(fixture, { method: 'POST', path: '/v1/apply', body: { fingerprint, state } });
  };
  beforeAll(async () => {
    fixture = await createAdminFixture();
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/own', body: {} });
    await apply(stateOf(hashes('a', 10)));
    await apply(stateOf(hashes('b', 9)));
  });
  afterAll(async () => {
    await fixture.close();
  });

  test('with 19 webhook tokens cannot have two more by a desired state, and none of them is created', async () => {
    const answer = await fixture.ask({ method: 'POST', path: '/v1/plan', body: stateOf(hashes('c', 2)) });
    const message = 'own would have 21 webhook tokens, and may have 20: delete those that no apiserver uses.';
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', errors: [{ path: 'clusters[0].webhookTokenHashes', message }] },
    });
    expect((await askOk(fixture, { method: 'GET', path })).items).toHaveLength(19);
  });

  test('has 20 webhook tokens at most: one more is refused with the remedy, until one is deleted', async () => {
    const { id } = await askOk(fixture, { method: 'POST', path });
    for (const query of [{}, { dryRun: 'true' }]) {
      expect(await fixture.ask({ method: 'POST', path, query })).toMatchObject({
        status: 409,
        body: {
          code: 'too_many_webhook_tokens',
          detail: expect.stringContaining('delete those that no apiserver uses'),
        },
      });
    }
    await askOk(fixture, { method: 'POST', path: '/v1/plan', body: stateOf(hashes('a', 10)) });
    await askOk(fixture, { method: 'DELETE', path: `${path}/${id}` });
    expect(await fixture.ask({ method: 'POST', path })).toMatchObject({ status: 201 });
  });
});
