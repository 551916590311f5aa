/** One table with the real admin API, the real reviewer and the real whoami over it; STS is an account in memory (`aws.ts`). */
import { ok } from '../../lib/errors.ts';
import { createTokenReviewHandler } from '../../lib/http/token-review.ts';
import { createWhoamiHandler } from '../../lib/http/whoami.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import { stsHosts } from '../../lib/identity/partitions.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';
import { createClusterCache } from '../../lib/review/cluster-cache.ts';
import { createReviewReader } from '../../lib/store/review/dynamodb-http.ts';
import { generateToken } from '../../lib/token/generate.ts';
import { evaluateStsAnswer } from '../../lib/token/parse/sts-answer.ts';
import type { AskSts } from '../../lib/token/sts.ts';
import { createVerifier } from '../../lib/token/verify.ts';
import { askOk, createAdminFixture } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { capture } from '../fixtures/capture.ts';
import { localCredentials, localRegion } from '../fixtures/dynamodb.ts';
import { event, tokenReview } from '../handlers/review-fixture.ts';
import { AwsAccount, secretOf } from './aws.ts';
import type { Callers, Key } from './aws.ts';

export interface Reviewed {
  readonly authenticated: boolean;
  /** Of a refusal. */
  readonly code: string | undefined;
  readonly username: string | undefined;
}

export interface ReviewOptions {
  readonly clusterId?: string;
  readonly region?: string;
  readonly apiVersion?: string;
}

export interface SecurityFixture {
  readonly admin: AdminFixture;
  /** The body of an admin's request that must succeed. */
  request(method: string, path: string, body?: object): Promise<AnyJson>;
  /** Writes a denial. By force: the guard of a cluster's last admin is not what is tried here, and costs most of the time. */
  deny(denial: object): Promise<AnyJson>;
  /** An account that no other test has used. */
  newAccount(): AwsAccount;
  tokenOf(key: Key, options?: ReviewOptions): string;
  review(token: string, options?: ReviewOptions): Promise<Reviewed>;
  /** The code that whoami answers. */
  whoami(token: string): Promise<string>;
  close(): Promise<void>;
}

/** `demo` and `other`, and `live`, which is in the set `prod`. */
export const clusters = ['demo', 'other', 'live'] as const;

export async function createSecurityFixture(): Promise<SecurityFixture> {
  const admin = await createAdminFixture();
  const request = async (method: string, path: string, body?: object): Promise<AnyJson> =>
    askOk(admin, { method, path, ...(body === undefined ? {} : { body }) });
  await request('PUT', '/v1/sets/prod', {});
  const webhookTokens = new Map<string, string>();
  for (const id of clusters) {
    await request('PUT', `/v1/clusters/${id}`, { sets: id === 'live' ? ['prod'] : [] });
    webhookTokens.set(id, (await request('POST', `/v1/clusters/${id}/webhook-tokens`)).token);
  }
  const callers: Callers = new Map();
  const { reviews, whoami } = createHandlers(admin, callers);
  let accounts = 100_000_000_000;
  return {
    admin,
    request,
    deny: async (denial) => {
      const body = { reason: 'left the company', ...denial };
      return askOk(admin, { method: 'POST', path: '/v1/denials', query: { force: 'true' }, body });
    },
    newAccount: () => new AwsAccount(String((accounts += 1)), callers),
    tokenOf: (key, { clusterId = 'demo', region = 'us-east-1' } = {}) =>
      generateToken({ clusterId, region, now: Date.now(), credentials: secretOf(key) }).token,
    async review(token, { clusterId = 'demo', apiVersion } = {}) {
      const headers = { authorization: `Bearer ${webhookTokens.get(clusterId) ?? ''}` };
      const path = `/v1/clusters/${clusterId}/tokenreviews`;
      const answer = await reviews(event({ path, headers, body: tokenReview(token, apiVersion) }));
      const { status } = JSON.parse(answer.body) as AnyJson;
      const code = /^\w+/.exec(status.error ?? '')?.[0];
      return { authenticated: status.authenticated === true, code, username: status.user?.username };
    },
    async whoami(token) {
      const path = '/v1/clusters/demo/whoami';
      const answer = await whoami(event({ path, headers: { authorization: `Bearer ${token}` } }));
      return (JSON.parse(answer.body) as AnyJson).code;
    },
    close: () => admin.close(),
  };
}

/** STS as the attacker's account reports its callers. Signatures are the stand-in's matter in dev/: here every key is genuine. */
const askSts =
  (callers: Callers): AskSts =>
  async (request, clusterId) => {
    const result = callers.get(request.accessKeyId)?.();
    const answer = result && {
      GetCallerIdentityResponse: { GetCallerIdentityResult: result, ResponseMetadata: { RequestId: 'r' } },
    };
    const body = Buffer.from(JSON.stringify(answer ?? { Error: { Code: 'InvalidClientTokenId' } }));
    const status = answer === undefined ? 403 : 200;
    const json = { contentType: 'application/json', contentEncoding: undefined };
    return evaluateStsAnswer({ status, ...json, body }, { ...request, clusterId });
  };

function createHandlers({ table }: AdminFixture, callers: Callers) {
  const clock = Date.now;
  const store = createReviewReader({
    table: table.table,
    region: localRegion,
    endpoint: table.endpoint,
    credentials: async () => localCredentials,
    clock,
  });
  const dependencies = {
    hosts: stsHosts([]),
    verifier: createVerifier({ ask: askSts(callers), clock }),
    store,
    instances: { readInstance: async () => ok(undefined) },
    clock,
  };
  const context = {
    clock,
    newId: () => 'd1',
    sink: createDecisionLog('debug', capture),
    scrubbedAccounts: new Set<string>(),
    deadlineMilliseconds: 4500,
  };
  const reviews = createTokenReviewHandler(
    { ...dependencies, clusters: createClusterCache(store, clock) },
    context,
  );
  const whoami = createWhoamiHandler({ ...dependencies, clusters: store }, context);
  return { reviews: createLambdaHandler(reviews, capture), whoami: createLambdaHandler(whoami, capture) };
}
