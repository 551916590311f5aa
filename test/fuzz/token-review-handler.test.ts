/** Whatever comes in, an answer goes out that the apiserver can live with, and nobody gets in by accident. */
import { anything, assert, asyncProperty, constantFrom, oneof, record, string, webPath } from 'fast-check';
import { expect, test } from 'vitest';
import { createReviewFixture, event, tokenReview, webhookToken } from '../handlers/review-fixture.ts';
import { cases } from '../fixtures/scale.ts';

const statuses = new Set([200, 400, 401, 404, 405, 413]);

async function isSafe(input: unknown): Promise<boolean> {
  const fixture = createReviewFixture();
  const answer = await fixture.handler(input);
  const known = statuses.has(answer.statusCode);
  return (
    known &&
    !answer.body.includes('"authenticated":true') &&
    !('retry-after' in answer.headers) &&
    fixture.calls.sts === 0
  );
}

const runs = { numRuns: cases(300, 30_000) };

test('any event is answered without authentication and without a call of STS', async () => {
  await expect(assert(asyncProperty(anything(), isSafe), runs)).resolves.toBeUndefined();
});

test('any request is answered without authentication and without a call of STS', async () => {
  const request = record({
    method: oneof(constantFrom('GET', 'POST', 'PUT', 'HEAD', 'post', ''), string()),
    path: oneof(
      constantFrom('/v1/clusters/demo/tokenreviews', '/healthz', '/v1/clusters//tokenreviews'),
      webPath(),
      string(),
    ),
    query: string(),
    headers: constantFrom({}, { authorization: `Bearer ${webhookToken}` }, { authorization: 'Bearer x' }),
    body: string(),
  });
  await expect(
    assert(
      asyncProperty(request, (call) => isSafe(event(call))),
      runs,
    ),
  ).resolves.toBeUndefined();
});

test('any token of another authenticator is refused without a call of STS', async () => {
  const foreign = string({ unit: 'binary' }).filter((token) => !token.startsWith('k8s-aws-v1.'));
  await expect(
    assert(
      asyncProperty(foreign, (token) => isSafe(event({ body: tokenReview(token) }))),
      runs,
    ),
  ).resolves.toBeUndefined();
});
