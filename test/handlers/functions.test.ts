import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { standInEnvironment, startStandIns } from '../fixtures/aws-stand-ins.ts';
import type { StandIns } from '../fixtures/aws-stand-ins.ts';
import { capture } from '../fixtures/capture.ts';
import { alice, send, tokenOf, tokenReview, webhookToken } from './review-fixture.ts';

let standIns: StandIns;
beforeAll(async () => {
  standIns = await startStandIns(webhookToken);
});
afterAll(() => standIns.close());
let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    capture(String(text));
    printed.push(String(text));
    return true;
  });
  vi.resetModules();
  standIns.calls.clear();
});

const setEnvironment = (environment: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
};
const freshToken = () => tokenOf(alice, 'demo', Date.now());

describe('the entry points, with their real adapters', () => {
  test('token-review reads DynamoDB once, asks STS once and caches the identity', async () => {
    setEnvironment(standInEnvironment(standIns));
    const { handler } = await import('../../functions/token-review.ts');
    const token = freshToken();
    const answers = [
      await send(handler, { body: tokenReview(token) }),
      await send(handler, { body: tokenReview(token) }),
    ];
    expect(answers.map(({ body }) => body.status.user.username)).toEqual(['alice', 'alice']);
    expect(printed.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'decision', outcome: 'verified', IdentityCacheHit: 0 },
      { event: 'decision', outcome: 'verified', IdentityCacheHit: 1 },
    ]);
    expect(Object.fromEntries(standIns.calls)).toEqual({ Query: 1, GetCallerIdentity: 1, BatchGetItem: 2 });
  });

  test('whoami answers the holder of a token', async () => {
    setEnvironment(standInEnvironment(standIns));
    const { handler } = await import('../../functions/whoami.ts');
    const answer = await send(handler, {
      path: '/v1/clusters/demo/whoami',
      headers: { authorization: `Bearer ${freshToken()}` },
    });
    expect(answer.body).toMatchObject({ outcome: 'verified', username: 'alice', groups: ['developers'] });
  });

  test('token-review behind an STS interface endpoint refuses tokens of another region', async () => {
    setEnvironment({ ...standInEnvironment(standIns), AWS_REGION: 'eu-central-1' });
    const { handler } = await import('../../functions/token-review.ts');
    const answer = await send(handler, { body: tokenReview(freshToken()) });
    expect(answer.body.status.error).toMatch(
      /^host_not_reachable: .* only sts\.eu-central-1\.amazonaws\.com can/,
    );
  });

  test('token-review answers 500 if DynamoDB is unreachable, so that the apiserver retries', async () => {
    setEnvironment({ ...standInEnvironment(standIns), AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    const { handler } = await import('../../functions/token-review.ts');
    const answer = await send(handler, { body: tokenReview(freshToken()) });
    expect(answer).toMatchObject({
      status: 500,
      body: { message: expect.stringMatching(/^store_unavailable: /) },
    });
  });
});

describe('a cold start with wrong settings', () => {
  test.each(['token-review', 'whoami'])('of %s fails and names every wrong setting', async (name) => {
    setEnvironment({ COUNTERSIGN_TABLE: '', AWS_REGION: 'Frankfurt', COUNTERSIGN_LOG_LEVEL: 'loud' });
    await expect(import(`../../functions/${name}.ts`)).rejects.toThrow(
      'Countersign cannot start: COUNTERSIGN_TABLE is missing: it must be the name of a DynamoDB table; ' +
        'AWS_REGION must be an AWS region such as eu-central-1; ' +
        'COUNTERSIGN_LOG_LEVEL must be one of debug, info, warn, error.',
    );
  });
});
