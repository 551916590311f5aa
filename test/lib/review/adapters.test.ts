/** The wiring that the functions and `countersign serve` get. Tests reach loopback only, so no STS host answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VerifierConfig } from '../../../lib/config.ts';
import { createReviewDependencies, createWhoamiDependencies } from '../../../lib/review/adapters.ts';
import type { Verification, Verifier } from '../../../lib/token/verify.ts';
import { request } from '../../fuzz/sts-answer-data.ts';

/** DynamoDB without items; it counts its requests. */
let reads = 0;
const table = createServer((_, response) => {
  reads += 1;
  response.end('{"Items":[],"Count":0}');
});
let dynamodbEndpoint = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    table.listen(0, '127.0.0.1', resolve);
  });
  dynamodbEndpoint = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
});
afterAll(() => {
  table.close();
  table.closeAllConnections();
});

const config = (more: Partial<VerifierConfig> = {}): VerifierConfig => ({
  table: 'countersign',
  region: 'us-east-1',
  dynamodbEndpoint,
  logLevel: 'info',
  stsEndpoint: undefined,
  extraStsRegions: [],
  ec2ReaderRoleArn: undefined,
  ...more,
});
const environment = {
  credentials: () => Promise.resolve({ accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'x' }),
  clock: () => Date.parse('2026-11-22T12:00:00Z'),
};
const { signal } = new AbortController();
let count = 0;
/** A token that has not been asked about. */
const verify = (verifier: Verifier, host: string, region: string): Promise<Verification> =>
  verifier.verify(
    { ...request, host, region, canonicalQuery: `query-${(count += 1)}`, expiresAt: Infinity },
    'demo',
    signal,
  );
const heldBack = {
  failure: {
    code: 'sts_unreachable',
    data: { cause: expect.stringContaining('has not answered'), elsewhere: true },
  },
};

test.each([
  ['a review', createReviewDependencies],
  ['whoami', createWhoamiDependencies],
])(
  '%s holds back a host of another region that does not answer, and no host of its own',
  async (_, create) => {
    const { verifier } = create(config(), environment);
    for (let index = 0; index < 3; index += 1) {
      await verify(verifier, 'sts.eu-west-1.amazonaws.com', 'eu-west-1');
    }
    expect(await verify(verifier, 'sts.eu-west-1.amazonaws.com', 'eu-west-1')).toMatchObject(heldBack);
    for (let index = 0; index < 5; index += 1) {
      const { failure } = (await verify(verifier, 'sts.us-east-1.amazonaws.com', 'us-east-1')) as {
        failure?: { code: string; data: object };
      };
      expect(failure).toMatchObject({ code: 'sts_unreachable' });
      expect(failure?.data).not.toHaveProperty('elsewhere');
    }
  },
);

test('an endpoint of STS is never held back, whatever host a token names', async () => {
  const { verifier } = createReviewDependencies(config(), {
    ...environment,
    sts: { endpoint: 'http://127.0.0.1:1', reach: 'all' },
  });
  for (let index = 0; index < 5; index += 1) {
    expect(await verify(verifier, 'sts.eu-west-1.amazonaws.com', 'eu-west-1')).toMatchObject({
      failure: { code: 'sts_unreachable', data: { cause: 'ECONNREFUSED' } },
    });
  }
});

test('an interface endpoint in the settings accepts the host of its region only', async () => {
  const host = 'sts.us-east-1.amazonaws.com';
  const settings = config({ stsEndpoint: { url: 'http://127.0.0.1:1', host } });
  const { verifier } = createReviewDependencies(settings, environment);
  expect(await verify(verifier, host, 'us-east-1')).toMatchObject({
    failure: { data: { cause: 'ECONNREFUSED' } },
  });
  expect(await verify(verifier, 'sts.eu-west-1.amazonaws.com', 'eu-west-1')).toMatchObject({
    failure: { code: 'host_not_reachable', data: { reachable: host } },
  });
});

test('a review caches its cluster, and whoami reads it for every question', async () => {
  const { clusters } = createReviewDependencies(config(), environment);
  const whoami = createWhoamiDependencies(config(), environment);
  for (const [reader, expected] of [
    [clusters, 1],
    [whoami.clusters, 3],
  ] as const) {
    reads = 0;
    for (let index = 0; index < 3; index += 1) {
      expect(await reader.readCluster('nowhere', signal)).toEqual({ ok: true, value: undefined });
    }
    expect(reads).toBe(expected);
  }
});

test('questions of whoami do not evict identities of reviews, since they share no cache', () => {
  const review = createReviewDependencies(config(), environment);
  const whoami = createWhoamiDependencies(config(), environment);
  expect(review.verifier).not.toBe(whoami.verifier);
});

test('the rate of a cluster counts reviews, and no question of whoami', async () => {
  const counted: string[] = [];
  const limited = { ...environment, admit: (clusterId: string) => counted.push(clusterId) > 1 };
  const whoami = createWhoamiDependencies(config(), limited);
  await verify(whoami.verifier, 'sts.us-east-1.amazonaws.com', 'us-east-1');
  expect(counted).toEqual([]);
  const { verifier } = createReviewDependencies(config(), limited);
  expect(await verify(verifier, 'sts.us-east-1.amazonaws.com', 'us-east-1')).toMatchObject({
    failure: { code: 'cluster_rate_exceeded' },
  });
  expect(counted).toEqual(['demo']);
});

test('an extra region has its hosts', () => {
  const { hosts } = createReviewDependencies(config({ extraStsRegions: ['eu-west-9'] }), environment);
  expect(hosts.has('sts.eu-west-9.amazonaws.com')).toBe(true);
});
