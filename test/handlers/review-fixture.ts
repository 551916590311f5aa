/** An in-memory environment for reviews: three clusters, three callers, faults on demand. The handlers are the real ones. */
import type { Result, Unavailable } from '../../lib/errors.ts';
import { ok, unavailable, denied } from '../../lib/errors.ts';
import { callerFromArn } from '../../lib/identity/caller-identity.ts';
import type { ReportedIdentity } from '../../lib/identity/caller-identity.ts';
import { stsHosts } from '../../lib/identity/partitions.ts';
import { createTokenReviewHandler } from '../../lib/http/token-review.ts';
import { createWhoamiHandler } from '../../lib/http/whoami.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import type { LambdaHandler } from '../../lib/http/lambda-handler.ts';
import type { InstanceReader } from '../../lib/resolve/instance.ts';
import { denialId } from '../../lib/records/denial.ts';
import { mappingId } from '../../lib/records/mapping.ts';
import type { StoredCluster } from '../../lib/records/cluster.ts';
import type { StoredDenial } from '../../lib/records/denial.ts';
import type { StoredMapping } from '../../lib/records/mapping.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';
import { createClusterCache } from '../../lib/review/cluster-cache.ts';
import type { ClusterWithTokens, ReviewReader } from '../../lib/store/ports.ts';
import type { Entries, Lookup } from '../../lib/records/lookup.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { AskSts } from '../../lib/token/sts.ts';
import { createVerifier } from '../../lib/token/verify.ts';
import { hashWebhookToken } from '../../lib/token/webhook-token.ts';
import { capture } from '../fixtures/capture.ts';

export const now = Date.parse('2026-11-22T12:00:00Z');
export const webhookToken = 'demo-webhook-token';
export const otherWebhookToken = 'other-webhook-token';

const stored = {
  version: 1,
  createdAt: '2026-11-01T00:00:00Z',
  createdBy: 'dev',
  updatedAt: '2026-11-01T00:00:00Z',
  updatedBy: 'dev',
};

export const clusterRecord = (id: string, more: Partial<StoredCluster> = {}): StoredCluster => ({
  id,
  partition: 'aws',
  sets: [],
  adminGroups: ['system:masters'],
  ...stored,
  ...more,
});

export function mapping(
  principalKey: string,
  more: Partial<StoredMapping> & Pick<StoredMapping, 'username' | 'groups'>,
): StoredMapping {
  const ref = { scope: more.scope ?? 'cluster/demo', principalKey, owner: 'manual' } as const;
  return { ...ref, principal: { arn: principalKey }, id: mappingId(ref), ...stored, ...more };
}

export function denial(principalKey: string): StoredDenial {
  return {
    principalKey,
    principal: { arn: principalKey },
    reason: 'left the company',
    id: denialId({ principalKey }),
    ...stored,
  };
}

/** The only callers that STS knows, by access key id. */
const callers: Readonly<Record<string, string>> = {
  AKIADEMOALICE0000001: 'arn:aws:iam::111122223333:user/alice',
  AKIADEMOMALLORY00001: 'arn:aws:iam::111122223333:user/mallory',
  ASIADEMONODE00000001: 'arn:aws:sts::111122223333:assumed-role/Node/i-0123456789abcdef0',
};

export const identityOf = (arn: string, accessKeyId: string): ReportedIdentity =>
  callerFromArn(arn, { principalId: 'AIDAEXAMPLE0000000001', accessKeyId }) as ReportedIdentity;

export interface ReviewFixture {
  readonly handler: LambdaHandler;
  readonly whoami: LambdaHandler;
  /** Parsed decision events, oldest first. */
  readonly events: Record<string, unknown>[];
  readonly calls: { sts: number; readCluster: number; readEntries: number; instances: number };
  /** A test sets one of these to inject a fault. */
  faults: {
    sts?: AskSts;
    readCluster?: ReviewReader['readCluster'];
    readEntries?: ReviewReader['readEntries'];
    instances?: InstanceReader['readInstance'];
  };
  time: number;
  clusters: Map<string, ClusterWithTokens>;
  entries: { mappings: StoredMapping[]; denials: StoredDenial[] };
}

export interface ReviewFixtureOptions {
  readonly deadlineMilliseconds?: number;
  readonly scrubbedAccounts?: readonly string[];
}

export function createReviewFixture(options: ReviewFixtureOptions = {}): ReviewFixture {
  const calls = { sts: 0, readCluster: 0, readEntries: 0, instances: 0 };
  const events: Record<string, unknown>[] = [];
  const withTokens = (id: string, tokens: readonly string[], more?: Partial<StoredCluster>) =>
    [
      id,
      {
        cluster: clusterRecord(id, more),
        webhookTokens: tokens.map((token, at) => ({
          id: `t${at}`,
          hash: hashWebhookToken(token),
          createdAt: stored.createdAt,
          createdBy: 'dev',
        })),
      },
    ] as const;
  const fixture = {
    events,
    calls,
    faults: {},
    time: now,
    clusters: new Map<string, ClusterWithTokens>([
      withTokens('demo', [webhookToken]),
      withTokens('other', [otherWebhookToken]),
      withTokens('off', [webhookToken], { disabled: true }),
    ]),
    entries: {
      mappings: [
        mapping('arn:aws:iam::111122223333:user/alice', { username: 'alice', groups: ['developers'] }),
        mapping('arn:aws:iam::111122223333:role/node', {
          username: 'system:node:{{EC2PrivateDNSName}}',
          groups: ['system:nodes'],
          instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/Node'],
        }),
      ],
      denials: [],
    },
  } as unknown as ReviewFixture;
  const dependencies = createDependencies(fixture);
  // As lib/review/adapters.ts does: whoami shares no cache with the reviews, and caches no cluster.
  const { store, ...others } = createDependencies(fixture);
  const whoamiDependencies = { ...others, store, clusters: store };
  let nextId = 0;
  const context = {
    clock: () => fixture.time,
    newId: () => `d${(nextId += 1)}`,
    sink: createDecisionLog('debug', (line) => {
      capture(line);
      events.push(JSON.parse(line) as Record<string, unknown>);
    }),
    scrubbedAccounts: new Set(options.scrubbedAccounts),
    deadlineMilliseconds: options.deadlineMilliseconds ?? 4500,
  };
  const lambda = (handle: Parameters<typeof createLambdaHandler>[0]) => createLambdaHandler(handle, capture);
  return Object.assign(fixture, {
    handler: lambda(createTokenReviewHandler(dependencies, context)),
    whoami: lambda(createWhoamiHandler(whoamiDependencies, context)),
  });
}

function createDependencies(fixture: ReviewFixture) {
  const clock = () => fixture.time;
  const ask: AskSts = async (request, clusterId) => {
    fixture.calls.sts += 1;
    if (fixture.faults.sts !== undefined) return fixture.faults.sts(request, clusterId);
    const arn = callers[request.accessKeyId];
    if (arn === undefined) return denied('credentials_invalid', {});
    // STS and its stand-in in dev/ check the signature itself; here only the signed cluster header is compared.
    return signedFor(request.canonicalQuery, clusterId)
      ? ok(identityOf(arn, request.accessKeyId))
      : denied('signature_mismatch', { clusterId });
  };
  const store: ReviewReader = {
    async readCluster(id, signal) {
      fixture.calls.readCluster += 1;
      return fixture.faults.readCluster?.(id, signal) ?? ok(fixture.clusters.get(id));
    },
    async readEntries(lookup, signal) {
      fixture.calls.readEntries += 1;
      return fixture.faults.readEntries?.(lookup, signal) ?? ok(found(fixture.entries, lookup));
    },
  };
  const instances: InstanceReader = {
    async readInstance(question, signal) {
      fixture.calls.instances += 1;
      if (fixture.faults.instances !== undefined) return fixture.faults.instances(question, signal);
      return ok({
        instanceId: question.instanceId,
        accountId: question.accountId,
        state: 'running',
        instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/Node',
        privateDnsName: 'ip-10-0-0-1.ec2.internal',
      });
    },
  };
  return {
    hosts: stsHosts([]),
    verifier: createVerifier({ ask, clock }),
    clusters: createClusterCache(store, clock),
    store,
    instances,
    clock,
  };
}

const found = (entries: ReviewFixture['entries'], lookup: Lookup): Entries => {
  const mappings = new Set(lookup.mappings.map(mappingId));
  const denials = new Set(lookup.denials.map(denialId));
  return {
    mappings: entries.mappings.filter((entry) => mappings.has(mappingId(entry))),
    denials: entries.denials.filter((entry) => denials.has(denialId(entry))),
  };
};

const signed = new Map<string, string>();
const signatureOf = (query: string) => /X-Amz-Signature=([0-9a-f]+)/.exec(query)?.[1] ?? '';
const signedFor = (query: string, clusterId: string) => signed.get(signatureOf(query)) === clusterId;

/** A token as our own client creates it. */
export function tokenOf(accessKeyId: string, clusterId = 'demo', at = now, region = 'us-east-1'): string {
  const { token } = generateToken({
    clusterId,
    region,
    now: at,
    credentials: { accessKeyId, secretAccessKey: 'not-a-real-secret' },
  });
  const url = Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString();
  signed.set(signatureOf(url), clusterId);
  return token;
}

export const alice = 'AKIADEMOALICE0000001';
export const mallory = 'AKIADEMOMALLORY00001';
export const node = 'ASIADEMONODE00000001';

export const tokenReview = (token: string, apiVersion = 'authentication.k8s.io/v1') =>
  JSON.stringify({ apiVersion, kind: 'TokenReview', spec: { token } });

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An event of a function URL. */
export const event = (call: Call) => ({
  version: '2.0',
  rawPath: call.path ?? '/v1/clusters/demo/tokenreviews',
  rawQueryString: call.query ?? '',
  headers: call.headers ?? { authorization: `Bearer ${webhookToken}` },
  body: call.body ?? '',
  isBase64Encoded: false,
  requestContext: { stage: '$default', http: { method: call.method ?? 'POST', sourceIp: '10.0.0.1' } },
});

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnsweredBody;
}

/** A TokenReview, a Status, or an answer of whoami. */
export type AnsweredBody = Readonly<Record<string, unknown>> & {
  readonly message: string;
  readonly status: {
    readonly authenticated: boolean;
    readonly error: string;
    readonly user: { readonly username: string };
  };
};

export async function send(handler: LambdaHandler, call: Call): Promise<Answered> {
  const answer = await handler(event(call));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: JSON.parse(answer.body) as AnsweredBody,
  };
}

/** A review of a token on cluster demo. */
export const review = (fixture: ReviewFixture, token: string): Promise<Answered> =>
  send(fixture.handler, { body: tokenReview(token) });

export const never = <T>(): Promise<T> => new Promise(() => {});
export const failed = async (): Promise<Result<never, Unavailable>> =>
  unavailable('store_unavailable', { cause: 'ECONNRESET' });
