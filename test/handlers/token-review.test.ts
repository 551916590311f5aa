import { describe, expect, test } from 'vitest';
import { denied, unavailable } from '../../lib/errors.ts';
import recorded from '../vectors/apiserver-requests.json' with { type: 'json' };
import {
  alice,
  createReviewFixture,
  denial,
  failed,
  mallory,
  never,
  node,
  now,
  otherWebhookToken,
  review,
  send,
  tokenOf,
  tokenReview,
  webhookToken,
} from './review-fixture.ts';

interface RecordedRow {
  readonly name: string;
  readonly query: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly expect: {
    readonly status: number;
    readonly apiVersion?: string;
    readonly authenticated?: boolean;
    readonly code?: string;
  };
}
const rows = recorded.rows as unknown as readonly RecordedRow[];

describe('a request as the kube-apiserver sends it', () => {
  test.each(rows)(
    'is answered as the apiserver expects: $name',
    async ({ query, headers, body, expect: expected }) => {
      const fill = (text: string) =>
        text
          .replace('{token}', tokenOf(alice))
          .replace('{otherToken}', tokenOf(mallory))
          .replace('{webhookToken}', webhookToken)
          .replace('{otherWebhookToken}', otherWebhookToken);
      const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
      const answer = await send(createReviewFixture().handler, { query, headers: filled, body: fill(body) });

      expect(answer.status).toBe(expected.status);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers).not.toHaveProperty('retry-after');
      expect(JSON.stringify(answer.body)).not.toContain('audiences');
      expect(answer.body).toMatchObject(
        expected.status === 200
          ? {
              apiVersion: expected.apiVersion,
              kind: 'TokenReview',
              status: { authenticated: expected.authenticated },
            }
          : { apiVersion: 'v1', kind: 'Status' },
      );
      expect(codeOf(answer.body.status)).toBe(expected.code);
    },
  );
});

/** The code at the start of `status.error`; `undefined` where there is no such field. */
const codeOf = (status: { readonly error?: string }): string | undefined =>
  /^(\w+): .+ \(decision d1\)$/.exec(status.error ?? '')?.[1];

describe('a malformed request', () => {
  test.each([
    ['another method', { method: 'GET' }, 405],
    ['another method', { method: 'PUT' }, 405],
    ['another path', { path: '/' }, 404],
    ['a path that goes on', { path: '/v1/clusters/demo/tokenreviews/x' }, 404],
    ['a trailing slash', { path: '/v1/clusters/demo/tokenreviews/' }, 404],
    ['another action', { path: '/v1/clusters/demo/whoami' }, 404],
    ['a path with a malformed escape', { path: '/v1/clusters/%zz/tokenreviews' }, 404],
    ['an unknown cluster', { path: '/v1/clusters/nowhere/tokenreviews' }, 401],
    ['an id that no cluster can have', { path: '/v1/clusters/%2e%2e/tokenreviews' }, 401],
    ['an id with an escaped slash', { path: '/v1/clusters/demo%2Fx/tokenreviews' }, 401],
    ['an id in other letters', { path: '/v1/clusters/DEMO/tokenreviews' }, 401],
    ['no webhook token', { headers: {} }, 401],
    ['an empty one', { headers: { authorization: 'Bearer ' } }, 401],
    ['two of them', { headers: { authorization: `Bearer ${webhookToken}, Bearer ${webhookToken}` } }, 401],
    ['one in another case', { headers: { authorization: `Bearer ${webhookToken.toUpperCase()}` } }, 401],
    ['no body', { body: '' }, 400],
    ['a body that is no TokenReview', { body: '{}' }, 400],
    ['a body of 256 KiB and one byte', { body: `"${'x'.repeat(256 * 1024 - 1)}"` }, 413],
    ['a body of 256 KiB, which may be as large but is no TokenReview', { body: 'x'.repeat(256 * 1024) }, 400],
  ])('%s is refused before the token is parsed', async (_name, call, status) => {
    const fixture = createReviewFixture();
    const answer = await send(fixture.handler, { body: tokenReview(tokenOf(alice)), ...call });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ kind: 'Status', code: status });
    expect(fixture.calls).toMatchObject({ sts: 0, readEntries: 0 });
  });

  test('a missing webhook token, a wrong one and an unknown cluster have the same answer', async () => {
    const fixture = createReviewFixture();
    const body = tokenReview(tokenOf(alice));
    const answers = await Promise.all([
      send(fixture.handler, { body, headers: {} }),
      send(fixture.handler, { body, headers: { authorization: `Bearer ${otherWebhookToken}` } }),
      send(fixture.handler, { body, path: '/v1/clusters/nowhere/tokenreviews' }),
      send(fixture.handler, { body, path: '/v1/clusters/-/tokenreviews' }),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('the cluster id may be percent-encoded, once', async () => {
    const { handler } = createReviewFixture();
    const body = tokenReview(tokenOf(alice));
    expect(await send(handler, { body, path: '/v1/clusters/%64emo/tokenreviews' })).toMatchObject({
      status: 200,
    });
    expect(await send(handler, { body, path: '/v1/clusters/%2564emo/tokenreviews' })).toMatchObject({
      status: 401,
    });
  });
});

describe('the cost of a review', () => {
  test('a token of another authenticator costs neither a call of STS nor a read of mappings', async () => {
    const fixture = createReviewFixture();
    for (const token of ['', 'garbage', 'eyJhbGciOiJSUzI1NiJ9.e30.x', 'k8s-aws-v2.abc']) {
      await review(fixture, token);
    }
    expect(fixture.calls).toEqual({ sts: 0, readCluster: 1, readEntries: 0, instances: 0 });
  });

  test('concurrent reviews of one token cost one call of STS, and one read of mappings each', async () => {
    const fixture = createReviewFixture();
    const token = tokenOf(alice);
    const answers = await Promise.all(Array.from({ length: 50 }, () => review(fixture, token)));
    expect(answers.every(({ body }) => body.status.user.username === 'alice')).toBe(true);
    expect(fixture.calls).toMatchObject({ sts: 1, readCluster: 1, readEntries: 50 });
  });

  test('mappings are read for every review, so a denial takes effect at once', async () => {
    const fixture = createReviewFixture();
    const token = tokenOf(alice);
    expect((await review(fixture, token)).body.status.authenticated).toBe(true);
    fixture.entries.denials.push(denial('arn:aws:iam::111122223333:user/alice'));
    expect((await review(fixture, token)).body.status.error).toMatch(/^principal_denied: /);
    expect(fixture.calls.sts).toBe(1);
  });

  test('a rotated webhook token is accepted as soon as the cached cluster is a second old', async () => {
    const fixture = createReviewFixture();
    await review(fixture, tokenOf(alice));
    fixture.clusters.set('demo', {
      ...fixture.clusters.get('demo')!,
      webhookTokens: fixture.clusters.get('other')!.webhookTokens,
    });
    const call = {
      body: tokenReview(tokenOf(alice)),
      headers: { authorization: `Bearer ${otherWebhookToken}` },
    };
    expect((await send(fixture.handler, call)).status).toBe(401);
    fixture.time += 1000;
    expect((await send(fixture.handler, call)).status).toBe(200);
  });

  test('EC2 is asked only for a mapping that names an instance', async () => {
    const fixture = createReviewFixture();
    await review(fixture, tokenOf(alice));
    expect(fixture.calls.instances).toBe(0);
    expect((await review(fixture, tokenOf(node))).body.status.user).toMatchObject({
      username: 'system:node:ip-10-0-0-1.ec2.internal',
      groups: ['system:nodes'],
    });
    expect(fixture.calls.instances).toBe(1);
  });
});

describe('a refused token of ours', () => {
  test.each([
    ['signed for another cluster', () => tokenOf(alice, 'other'), 'signature_mismatch'],
    ['keys that STS does not know', () => tokenOf('AKIANOBODY0000000001'), 'credentials_invalid'],
    ['signed 16 minutes ago', () => tokenOf(alice, 'demo', now - 16 * 60_000), 'token_expired'],
    ['signed 6 minutes from now', () => tokenOf(alice, 'demo', now + 6 * 60_000), 'token_from_future'],
    ['a host of another partition', () => tokenOf(alice, 'demo', now, 'cn-north-1'), 'host_not_listed'],
    ['our prefix and nothing of ours', () => 'k8s-aws-v1.aGVsbG8', 'token_malformed'],
    ['mapped nowhere', () => tokenOf(mallory), 'principal_not_mapped'],
  ])('the answer carries the reason, %s', async (_name, token, code) => {
    const answer = await review(createReviewFixture(), token());
    expect(answer.status).toBe(200);
    expect(answer.body.status).toEqual({
      authenticated: false,
      error: expect.stringMatching(new RegExp(`^${code}: .* \\(decision d1\\)$`)),
    });
  });

  test('the answer carries the reason, a disabled cluster', async () => {
    const answer = await send(createReviewFixture().handler, {
      path: '/v1/clusters/off/tokenreviews',
      body: tokenReview(tokenOf(alice, 'off')),
    });
    expect(answer.body.status.error).toMatch(/^cluster_disabled: /);
  });
});

describe('an outage', () => {
  const throws = (): never => {
    throw new Error('k8s-aws-v1.a-secret-in-a-message');
  };
  test.each([
    ['the cluster cannot be read', { readCluster: failed }, 500, 'store_unavailable'],
    ['the mappings cannot be read', { readEntries: failed }, 500, 'store_unavailable'],
    [
      'STS is throttled',
      { sts: async () => unavailable('sts_throttled', { host: 'sts.amazonaws.com' }) },
      429,
      'sts_throttled',
    ],
    [
      'STS is unreachable',
      { sts: async () => unavailable('sts_unreachable', { host: 'sts.amazonaws.com', cause: 'ECONNRESET' }) },
      500,
      'sts_unreachable',
    ],
    [
      'EC2 is unavailable',
      { instances: async () => unavailable('ec2_unavailable', { cause: 'ETIMEDOUT' }) },
      500,
      'ec2_unavailable',
    ],
    ['the store throws', { readEntries: throws }, 500, 'internal'],
    ['EC2 throws', { instances: throws }, 500, 'internal'],
    ['STS throws', { sts: throws }, 500, 'internal'],
    ['the cluster hangs', { readCluster: never }, 500, 'deadline_exceeded'],
    ['STS hangs', { sts: never }, 500, 'deadline_exceeded'],
    ['the mappings hang', { readEntries: never }, 500, 'deadline_exceeded'],
    ['EC2 hangs', { instances: never }, 500, 'deadline_exceeded'],
  ])(
    'the answer is an error that the apiserver retries, never a refusal: %s',
    async (_name, faults, status, code) => {
      const fixture = createReviewFixture({ deadlineMilliseconds: 50 });
      fixture.faults = faults as never;
      const answer = await review(fixture, tokenOf(node));
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ kind: 'Status', code: status });
      expect(answer.body.message).toMatch(new RegExp(`^${code}: .* \\(decision d1\\)$`));
      expect(JSON.stringify([answer, fixture.events])).not.toContain('secret');
      expect(fixture.events.at(-1)).toMatchObject({
        outcome: 'unavailable',
        code,
        level: 'error',
        Unavailable: 1,
      });
    },
  );

  test('no outage is cached: the next review is answered', async () => {
    const fixture = createReviewFixture();
    const token = tokenOf(alice);
    for (const fault of ['readCluster', 'readEntries'] as const) {
      fixture.faults = { [fault]: failed };
      expect((await review(fixture, token)).status).toBe(500);
      fixture.faults = {};
      fixture.time += 1000;
      expect((await review(fixture, token)).status).toBe(200);
      fixture.time += 60_000;
    }
  });

  test('a refusal by STS is cached for 10 s', async () => {
    const fixture = createReviewFixture();
    const token = tokenOf(alice);
    fixture.faults = { sts: async () => denied('credentials_expired', {}) };
    await review(fixture, token);
    await review(fixture, token);
    expect(fixture.calls.sts).toBe(1);
    fixture.time += 10_001;
    fixture.faults = {};
    expect((await review(fixture, token)).body.status.authenticated).toBe(true);
  });
});

test('GET /healthz is answered without a decision', async () => {
  const fixture = createReviewFixture();
  const answer = await fixture.handler({
    version: '2.0',
    rawPath: '/healthz',
    requestContext: { http: { method: 'GET' } },
  });
  expect(answer).toMatchObject({ statusCode: 200, body: 'ok' });
  expect(fixture.events).toEqual([]);
  expect((await send(fixture.handler, { path: '/healthz', method: 'POST' })).status).toBe(405);
});
