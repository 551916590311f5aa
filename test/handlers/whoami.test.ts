import { describe, expect, test } from 'vitest';
import { unreadableBy } from '../../lib/store/layout/unreadable.ts';
import { unavailable } from '../../lib/errors.ts';
import {
  alice,
  createReviewFixture,
  denial,
  mallory,
  now,
  send,
  tokenOf,
  webhookToken,
} from './review-fixture.ts';
import type { ReviewFixture } from './review-fixture.ts';

const ask = (fixture: ReviewFixture, token: string, clusterId = 'demo') =>
  send(fixture.whoami, {
    path: `/v1/clusters/${clusterId}/whoami`,
    headers: { authorization: `Bearer ${token}` },
  });

describe('the holder of a token', () => {
  test('sees their identity and the mappings that admit them', async () => {
    expect((await ask(createReviewFixture(), tokenOf(alice))).body).toEqual({
      clusterId: 'demo',
      outcome: 'verified',
      code: 'verified',
      detail: 'You enter demo as alice.',
      decisionId: 'd1',
      identity: {
        arn: 'arn:aws:iam::111122223333:user/alice',
        canonicalArn: 'arn:aws:iam::111122223333:user/alice',
        accountId: '111122223333',
        principalId: 'AIDAEXAMPLE0000000001',
        sessionName: '',
        accessKeyId: alice,
      },
      username: 'alice',
      groups: ['developers'],
      grantedBy: [
        {
          mappingId: expect.any(String),
          scope: 'cluster/demo',
          owner: 'manual',
          username: 'alice',
          groups: ['developers'],
        },
      ],
    });
  });

  test('sees why no mapping admits them', async () => {
    const { status, body } = await ask(createReviewFixture(), tokenOf(mallory));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'denied',
      code: 'principal_not_mapped',
      identity: { canonicalArn: 'arn:aws:iam::111122223333:user/mallory' },
    });
    expect(body).not.toHaveProperty('username');
  });

  test('sees what is wrong with the token', async () => {
    const { body } = await ask(createReviewFixture(), tokenOf(alice, 'demo', now - 20 * 60_000));
    expect(body).toMatchObject({ outcome: 'denied', code: 'token_expired' });
    expect(body).not.toHaveProperty('identity');
  });

  test('sees that the answer could not be found out', async () => {
    const fixture = createReviewFixture();
    fixture.faults = { sts: async () => unavailable('sts_throttled', { host: 'sts.amazonaws.com' }) };
    expect(await ask(fixture, tokenOf(alice))).toMatchObject({
      status: 200,
      body: { outcome: 'unavailable', code: 'sts_throttled' },
    });
  });
});

describe('an answer of whoami reveals nothing else:', () => {
  test('a denied caller gets the answer of a caller without a mapping', async () => {
    const fixture = createReviewFixture();
    fixture.entries.denials.push(denial('arn:aws:iam::111122223333:user/mallory'));
    const { body } = await ask(fixture, tokenOf(mallory));
    const { body: unmapped } = await ask(createReviewFixture(), tokenOf(mallory));
    expect({ ...body, decisionId: '' }).toEqual({ ...unmapped, decisionId: '' });
    expect(fixture.events.at(-1)).toMatchObject({ code: 'principal_denied' });
  });

  test.each([
    ['a good token', () => tokenOf(alice, 'nowhere'), 'signature_mismatch'],
    ['a token for another cluster', () => tokenOf(alice, 'demo'), 'signature_mismatch'],
    ['keys that STS does not know', () => tokenOf('AKIANOBODY0000000001', 'nowhere'), 'credentials_invalid'],
    ['an old token', () => tokenOf(alice, 'nowhere', now - 20 * 60_000), 'token_expired'],
    ['a token of another partition', () => tokenOf(alice, 'nowhere', now, 'cn-north-1'), 'host_not_listed'],
  ])('an unknown cluster has the answer of a token that STS refuses, %s', async (_name, token, code) => {
    const { status, body } = await ask(createReviewFixture(), token(), 'nowhere');
    expect(status).toBe(200);
    expect(body).toMatchObject({ clusterId: 'nowhere', outcome: 'denied', code });
    expect(body).not.toHaveProperty('identity');
  });

  test('an id that no cluster can have costs neither a read nor a call of STS', async () => {
    const fixture = createReviewFixture();
    const { body } = await ask(fixture, tokenOf(alice), '-');
    expect(body).toMatchObject({ code: 'signature_mismatch' });
    expect(fixture.calls).toMatchObject({ sts: 0, readCluster: 0 });
  });

  test('a webhook token is refused as a foreign token', async () => {
    const fixture = createReviewFixture();
    expect((await ask(fixture, webhookToken)).body).toMatchObject({ code: 'foreign_token' });
    expect(fixture.calls).toMatchObject({ sts: 0, readCluster: 0 });
  });

  test('a cluster that cannot be read is unavailable', async () => {
    const fixture = createReviewFixture();
    fixture.faults = { readCluster: async () => unavailable('store_unavailable', { cause: 'ECONNRESET' }) };
    expect((await ask(fixture, tokenOf(alice))).body).toMatchObject({ code: 'store_unavailable' });
  });

  test('a denial that cannot be read is not named to its holder, but in the log', async () => {
    const fixture = createReviewFixture();
    const name = { kind: 'denial', key: 'ZGVuaWFs' };
    fixture.faults = { readEntries: async () => unreadableBy(name) };
    const { body } = await ask(fixture, tokenOf(alice));
    expect(body).toMatchObject({ outcome: 'unavailable', code: 'store_unavailable' });
    expect(JSON.stringify(body)).not.toMatch(/denial|ZGVuaWFs/);
    expect(fixture.events[0]).toMatchObject({ detail: expect.stringContaining('denial ZGVuaWFs') });
  });
});

test.each([
  ['another method', { method: 'GET', path: '/v1/clusters/demo/whoami' }, 405],
  ['another path', { path: '/v1/clusters/demo/tokenreviews' }, 404],
])('a malformed request to whoami is refused: %s', async (_name, call, status) => {
  const answer = await send(createReviewFixture().whoami, call);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
});

test('whoami answers GET /healthz', async () => {
  const answer = await createReviewFixture().whoami({
    version: '2.0',
    rawPath: '/healthz',
    requestContext: { http: { method: 'GET' } },
  });
  expect(answer).toMatchObject({ statusCode: 200, body: 'ok' });
});
