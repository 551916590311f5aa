import { describe, expect, test } from 'vitest';
import { unreadableBy } from '../../lib/store/layout/unreadable.ts';
import { ok, unavailable } from '../../lib/errors.ts';
import {
  alice,
  clusterRecord,
  createReviewFixture,
  denial,
  identityOf,
  mallory,
  mapping,
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

/** A token without a valid signature. */
const hostileToken = (host: string): string => {
  const url = Buffer.from(tokenOf(alice).slice('k8s-aws-v1.'.length), 'base64url').toString();
  const region = host.split('.')[1] ?? '';
  const forged = url.replace('sts.us-east-1.amazonaws.com', host).replace('us-east-1', region);
  return `k8s-aws-v1.${Buffer.from(forged).toString('base64url')}`;
};

const everywhere = mapping('arn:aws:iam::111122223333:user/alice', {
  scope: 'all',
  username: 'alice',
  groups: [],
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
    expect(body).toMatchObject({ code: 'principal_not_mapped' });
    const { body: unmapped } = await ask(createReviewFixture(), tokenOf(mallory));
    expect({ ...body, decisionId: '' }).toEqual({ ...unmapped, decisionId: '' });
    expect(fixture.events.at(-1)).toMatchObject({ code: 'principal_denied' });
  });

  /** What a caller can see or measure: the answer without its id, and the calls that it needed. */
  const seen = async (fixture: ReviewFixture, token: string, clusterId: string) => {
    Object.assign(fixture.calls, { sts: 0, readCluster: 0, readEntries: 0, instances: 0 });
    const { status, headers, body } = await ask(fixture, token, clusterId);
    const text = JSON.stringify({ ...body, decisionId: '' }).replaceAll(clusterId, '<id>');
    return { status, headers: { ...headers, 'content-length': '' }, text, calls: { ...fixture.calls } };
  };
  const china = 'arn:aws-cn:iam::111122223333:user/mallory';
  const inChina = { ...clusterRecord('china'), partition: 'aws-cn' } as const;

  /** A cluster without mappings, and those that must look like it. */
  function createOracleFixture(): ReviewFixture {
    const fixture = createReviewFixture();
    for (const record of [clusterRecord('empty'), inChina, clusterRecord('shut', { disabled: true })]) {
      fixture.clusters.set(record.id, { cluster: record, webhookTokens: [] });
    }
    return fixture;
  }

  test.each([
    ['an unknown id', 'nowhere'],
    ['a disabled cluster', 'shut'],
    ['a cluster of another partition', 'china'],
  ])('a verified caller cannot distinguish %s from a cluster without mappings', async (_name, id) => {
    const fixture = createOracleFixture();
    for (const caller of [alice, mallory]) {
      const reference = await seen(fixture, tokenOf(caller, 'empty'), 'empty');
      expect(await seen(fixture, tokenOf(caller, id), id)).toEqual(reference);
      expect(JSON.parse(reference.text)).toMatchObject({
        outcome: 'denied',
        code: 'principal_not_mapped',
        detail: expect.stringContaining('or there is no such cluster'),
        identity: { accessKeyId: caller },
      });
      // Again: what is cached now must not reveal it either.
      const again = await seen(fixture, tokenOf(caller, 'empty'), 'empty');
      expect(await seen(fixture, tokenOf(caller, id), id)).toEqual(again);
    }
  });

  test.each([
    ['an old token', (id: string) => tokenOf(alice, id, now - 20 * 60_000)],
    ['keys that STS does not know', (id: string) => tokenOf('AKIANOBODY0000000001', id)],
    ['a token for another cluster', () => tokenOf(alice, 'demo')],
    ['a host of no list', () => hostileToken('sts.s3.amazonaws.com')],
    ['a forged token of another partition', () => hostileToken('sts.cn-north-1.amazonaws.com.cn')],
    ['garbage', () => 'k8s-aws-v1.x'],
    ['another prefix', () => 'x'],
  ])('a token that is refused has one answer on every cluster id: %s', async (_name, token) => {
    const fixture = createOracleFixture();
    const reference = await seen(fixture, token('empty'), 'empty');
    for (const id of ['nowhere', 'shut', 'china', 'off']) {
      expect(await seen(fixture, token(id), id)).toEqual(reference);
    }
  });

  test('a caller of another partition is not mapped, and the log knows of which cluster', async () => {
    const fixture = createOracleFixture();
    fixture.faults = { sts: async (request) => ok(identityOf(china, request.accessKeyId)) };
    const { body } = await ask(fixture, tokenOf(mallory, 'demo', now, 'cn-north-1'), 'demo');
    expect(body).toMatchObject({ code: 'principal_not_mapped', identity: { arn: china } });
    expect(fixture.events.at(-1)).toMatchObject({ cluster: 'demo', code: 'principal_not_mapped' });
  });

  test('the log distinguishes a disabled cluster from an unknown one', async () => {
    const fixture = createOracleFixture();
    await ask(fixture, tokenOf(alice, 'shut'), 'shut');
    await ask(fixture, tokenOf(alice, 'nowhere'), 'nowhere');
    expect(fixture.events).toMatchObject([
      { cluster: 'shut', code: 'cluster_disabled' },
      { code: 'principal_not_mapped' },
    ]);
    expect(fixture.events[1]).not.toHaveProperty('cluster');
  });

  test('a cluster is read for every question, whether it exists or not', async () => {
    const fixture = createOracleFixture();
    for (const id of ['demo', 'nowhere']) {
      for (let count = 0; count < 3; count += 1) {
        expect((await seen(fixture, tokenOf(alice, id), id)).calls.readCluster).toBe(1);
      }
    }
  });

  test('an unknown cluster admits no caller, not even one who is mapped on all clusters', async () => {
    const fixture = createOracleFixture();
    fixture.entries.mappings.push(everywhere);
    expect((await ask(fixture, tokenOf(alice, 'empty'), 'empty')).body).toMatchObject({ code: 'verified' });
    expect((await ask(fixture, tokenOf(alice, 'nowhere'), 'nowhere')).body).toMatchObject({
      code: 'principal_not_mapped',
    });
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
