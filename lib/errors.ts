/**
 * Every way in which a review can fail: a stable code, the data that belongs to it, and one sentence derived
 * from both. Codes are part of the interface; docs/error-codes.md explains each one.
 */

/** Milliseconds since the epoch. */
export type Instant = number;

/** What each denial carries. Nothing here may hold a token, a signature or a secret. */
interface DenialData {
  /** Another prefix: the token of another authenticator, or garbage. The answer names no reason. */
  foreign_token: Record<string, never>;
  token_too_large: { readonly bytes: number; readonly limit: number };
  /** `rule` completes "The token is malformed: …". */
  token_malformed: { readonly rule: string };
  host_not_listed: { readonly host: string };
  host_not_reachable: { readonly host: string; readonly reachable: string };
  parameter_not_allowed: { readonly name: string };
  parameter_repeated: { readonly name: string };
  parameter_missing: { readonly name: string };
  /** `rule` completes "<name> must …". */
  parameter_invalid: { readonly name: string; readonly rule: string };
  cluster_header_not_signed: { readonly signedHeaders: string };
  scope_mismatch: { readonly part: 'date' | 'region' | 'service' | 'terminator'; readonly expected: string };
  token_expired: { readonly signedAt: Instant; readonly now: Instant };
  token_from_future: { readonly signedAt: Instant; readonly now: Instant };
  signature_mismatch: { readonly clusterId: string };
  credentials_invalid: Record<string, never>;
  credentials_expired: Record<string, never>;
  region_not_enabled: { readonly host: string };
  /** `reason`: the code of STS, or `no code that can be shown`. */
  sts_access_denied: { readonly host: string; readonly reason: string };
  /** `kind`: what the caller is, such as `aws:ec2-instance`. Neither account nor session: no mapping names it, so no setting scrubs it. */
  principal_not_mappable: { readonly kind: string };
  cluster_disabled: { readonly clusterId: string };
  principal_denied: { readonly canonicalArn: string };
  /** `maybeNoCluster`: the answer of whoami, which does not reveal whether there is such a cluster. */
  principal_not_mapped: {
    readonly canonicalArn: string;
    readonly clusterId: string;
    readonly maybeNoCluster?: true | undefined;
  };
  /** `principalId`: `undefined` if an admin asks about a caller without it. */
  principal_recreated: { readonly canonicalArn: string; readonly principalId: string | undefined };
  mapping_expired: { readonly canonicalArn: string; readonly expiredAt: string };
  /** `rule` completes "Mapping … names this caller wrongly: …"; it names the username or the group. */
  username_invalid: { readonly mappingId: string; readonly rule: string };
  /** `rule` completes "Instance … …". */
  instance_not_verified: { readonly instanceId: string; readonly rule: string };
}

/** One item of the table that cannot be read: named, never quoted. */
export interface UnreadableItem {
  /** `cluster`, `set`, `mapping`, `denial`, `binding`, `webhook-token`, `change`, `sync-run`. */
  readonly kind: string;
  /** As in the change log's targets, after the kind: a mapping's id, a cluster's id. */
  readonly key: string;
  /** What is wrong and what to do: half a sentence. */
  readonly reason: string;
}

interface UnavailableData {
  sts_throttled: { readonly host: string };
  /** `elsewhere`: the host is of another region than the deployment. Default: of its own region, or not known. */
  sts_unreachable: {
    readonly host: string;
    readonly cause: string;
    readonly elsewhere?: true | undefined;
  };
  /** `rule` completes "STS returned an answer that …". */
  sts_bad_answer: { readonly host: string; readonly rule: string };
  store_unavailable: {
    readonly cause: string;
    /** The cause is this one item: trying again does not help. */
    readonly item?: UnreadableItem | undefined;
    /** Default `read`. */
    readonly operation?: 'read' | 'write' | undefined;
  };
  ec2_unavailable: { readonly cause: string };
  cluster_rate_exceeded: { readonly clusterId: string };
  deadline_exceeded: { readonly milliseconds: number };
  internal: Record<string, never>;
}

export type DeniedCode = keyof DenialData;
export type UnavailableCode = keyof UnavailableData;

export type DeniedOf<C extends DeniedCode> = {
  [K in C]: { readonly outcome: 'denied'; readonly code: K; readonly data: DenialData[K] };
}[C];
export type UnavailableOf<C extends UnavailableCode> = {
  [K in C]: { readonly outcome: 'unavailable'; readonly code: K; readonly data: UnavailableData[K] };
}[C];

/** The answer is no, and known. */
export type Denied = DeniedOf<DeniedCode>;
/** The answer is not known. Never read it as no. */
export type Unavailable = UnavailableOf<UnavailableCode>;
export type Failure = Denied | Unavailable;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed<F> {
  readonly ok: false;
  readonly failure: F;
}

/** A value, or why there is none. */
export type Result<T, F = Failure> = Ok<T> | Failed<F>;

/** Input that was refused. `rule` completes a sentence whose subject the caller knows; it never quotes the input. */
export interface BrokenRule {
  readonly rule: string;
}

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const failed = <F>(failure: F): Failed<F> => ({ ok: false, failure });

export const broken = (rule: string): Failed<BrokenRule> => failed({ rule });

export const denied = <C extends DeniedCode>(
  code: C,
  data: DenialData[C],
): Failed<{ outcome: 'denied'; code: C; data: DenialData[C] }> => failed({ outcome: 'denied', code, data });

export const unavailable = <C extends UnavailableCode>(
  code: C,
  data: UnavailableData[C],
): Failed<{ outcome: 'unavailable'; code: C; data: UnavailableData[C] }> =>
  failed({ outcome: 'unavailable', code, data });

type Sentences<Data> = { readonly [C in keyof Data]: (data: Data[C]) => string };

const at = (instant: Instant): string => new Date(instant).toISOString();

const denialSentences: Sentences<DenialData> = {
  foreign_token: () => 'This is not a token for AWS IAM authentication.',
  token_too_large: ({ bytes, limit }) =>
    `The token has ${bytes} bytes and may have ${limit}: use credentials with a smaller session token.`,
  token_malformed: ({ rule }) =>
    `The token is malformed: ${rule}; create a new one with countersign token or aws eks get-token.`,
  host_not_listed: ({ host }) =>
    `${host} is not a known STS host of this cluster's partition: set AWS_REGION to a published region, or add the region to COUNTERSIGN_EXTRA_STS_REGIONS.`,
  host_not_reachable: ({ host, reachable }) =>
    `${host} cannot be reached from this deployment, only ${reachable} can: sign for that host's region.`,
  parameter_not_allowed: ({ name }) =>
    `The parameter ${name} is not one of a presigned GetCallerIdentity request: use an unmodified client.`,
  parameter_repeated: ({ name }) => `The parameter ${name} is repeated: use an unmodified client.`,
  parameter_missing: ({ name }) => `The parameter ${name} is missing: use an unmodified client.`,
  parameter_invalid: ({ name, rule }) => `${name} must ${rule}: use an unmodified client.`,
  cluster_header_not_signed: ({ signedHeaders }) =>
    `The signed headers must be exactly host;x-k8s-aws-id and are ${signedHeaders}: set the cluster id of the client.`,
  scope_mismatch: ({ part, expected }) =>
    `The ${part} in the credential scope must be ${expected}: sign for the region of the STS host.`,
  token_expired: ({ signedAt, now }) =>
    `The token was signed at ${at(signedAt)} and it is ${at(now)}, over 15 minutes later: get a new one, and check the client's clock.`,
  token_from_future: ({ signedAt, now }) =>
    `The token was signed at ${at(signedAt)} and it is ${at(now)}: set the client's clock.`,
  signature_mismatch: ({ clusterId }) =>
    `STS refused the signature: the token was signed for another cluster id than ${clusterId}, or with a wrong secret key.`,
  credentials_invalid: () =>
    'STS does not know the access key or its session token: check the credentials with aws sts get-caller-identity.',
  credentials_expired: () => "The token's AWS credentials have expired: log in to AWS again.",
  region_not_enabled: ({ host }) =>
    `${host} does not serve the caller's account: sign for another region (AWS_REGION), or enable the region of that host for the account.`,
  sts_access_denied: ({ host, reason }) =>
    `${host} refused the caller (${reason}): ask an admin of the caller's AWS account; if it refuses every caller, check the policy of the endpoint of STS.`,
  principal_not_mappable: ({ kind }) =>
    `The caller is a role of AWS itself (${kind}), which no mapping can name: use the credentials of an IAM role or user, on an instance those of its instance profile.`,
  cluster_disabled: ({ clusterId }) => `Cluster ${clusterId} is disabled: an admin can enable it.`,
  principal_denied: ({ canonicalArn }) =>
    `${canonicalArn} is denied by an entry of the deny list: ask an admin of the clusters.`,
  principal_not_mapped: ({ canonicalArn, clusterId, maybeNoCluster }) =>
    maybeNoCluster === true
      ? `${canonicalArn} has no mapping on cluster ${clusterId}, or there is no such cluster: ask an admin for a mapping, and check the cluster id.`
      : `${canonicalArn} has no mapping on cluster ${clusterId}: ask an admin for one, or see countersign explain.`,
  principal_recreated: ({ canonicalArn, principalId }) =>
    principalId === undefined
      ? `${canonicalArn} is mapped, but pinned to a unique id, and the caller's is not known: give principalId to learn whether it is the same.`
      : `${canonicalArn} is mapped, but pinned to another unique id than ${principalId}: it was deleted and recreated; an admin must pin the new id.`,
  mapping_expired: ({ canonicalArn, expiredAt }) =>
    `The mapping of ${canonicalArn} expired at ${expiredAt}: ask an admin to extend it.`,
  username_invalid: ({ mappingId, rule }) =>
    `Mapping ${mappingId} names this caller wrongly: ${rule}; an admin must change its template.`,
  instance_not_verified: ({ instanceId, rule }) =>
    `Instance ${instanceId} ${rule}: a node must run with an instance profile of the mapping.`,
};

const unavailableSentences: Sentences<UnavailableData> = {
  sts_throttled: ({ host }) => `${host} throttles the caller's account: try again in a moment.`,
  sts_unreachable: ({ host, cause, elsewhere }) =>
    elsewhere === true
      ? `${host} could not be reached (${cause}): try again in a moment, or sign for the region of the deployment.`
      : `${host} could not be reached (${cause}): try again in a moment.`,
  sts_bad_answer: ({ host, rule }) => `${host} returned an answer that ${rule}: try again in a moment.`,
  store_unavailable: ({ cause, item, operation }) => {
    if (item !== undefined) return `The ${item.kind} ${item.key} cannot be read: ${item.reason}.`;
    return operation === 'write'
      ? `The table could not be written (${cause}): try again in a moment.`
      : `The mappings could not be read (${cause}): try again in a moment.`;
  },
  ec2_unavailable: ({ cause }) => `The instance could not be looked up (${cause}): try again in a moment.`,
  cluster_rate_exceeded: ({ clusterId }) =>
    `Cluster ${clusterId} asks for more reviews than its rate allows: try again in a moment; if it needs more, raise --cluster-rate of countersign serve.`,
  deadline_exceeded: ({ milliseconds }) =>
    `No decision was reached within ${milliseconds} ms: try again in a moment.`,
  internal: () => 'Something went wrong inside Countersign; the log holds more under this decision id.',
};

/** The sentence of a failure, with its remedy; without code and decision id. */
export function describe(failure: Failure): string {
  return failure.outcome === 'denied' ? describeDenied(failure) : describeUnavailable(failure);
}

function describeDenied<C extends DeniedCode>(failure: DeniedOf<C>): string {
  return denialSentences[failure.code](failure.data);
}

function describeUnavailable<C extends UnavailableCode>(failure: UnavailableOf<C>): string {
  return unavailableSentences[failure.code](failure.data);
}

const hasKey = <T extends object>(table: T, key: PropertyKey): key is keyof T => Object.hasOwn(table, key);

export const isDeniedCode = (code: string): code is DeniedCode => hasKey(denialSentences, code);
export const isUnavailableCode = (code: string): code is UnavailableCode =>
  hasKey(unavailableSentences, code);
/** Every code of a denial, for documentation and tests. */
export const deniedCodes: readonly string[] = Object.keys(denialSentences);
/** Every code of an unavailable outcome, for documentation and tests. */
export const unavailableCodes: readonly string[] = Object.keys(unavailableSentences);

/** What is wrong with the request itself. Decided before any token is parsed. */
interface CallerErrorData {
  /** Webhook token missing or wrong, or cluster unknown: the answer is the same for the three. */
  unauthorized: Record<string, never>;
  /** `rule` completes "The body …". */
  bad_request: { readonly rule: string };
  not_found: Record<string, never>;
  method_not_allowed: { readonly allowed: string };
  too_large: { readonly limit: number };
}

export type CallerErrorCode = keyof CallerErrorData;
export type CallerErrorOf<C extends CallerErrorCode> = {
  [K in C]: { readonly outcome: 'caller_error'; readonly code: K; readonly data: CallerErrorData[K] };
}[C];
export type CallerError = CallerErrorOf<CallerErrorCode>;

export const callerError = <C extends CallerErrorCode>(
  code: C,
  data: CallerErrorData[C],
): { outcome: 'caller_error'; code: C; data: CallerErrorData[C] } => ({
  outcome: 'caller_error',
  code,
  data,
});

const callerErrorSentences: Sentences<CallerErrorData> = {
  unauthorized: () =>
    'The bearer token of this request is not a webhook token of the cluster in its path, or there is no such cluster: see countersign init.',
  bad_request: ({ rule }) => `The body ${rule}.`,
  not_found: () =>
    'There is nothing at this path: the server of the webhook kubeconfig ends in /v1/clusters/<cluster id>/tokenreviews.',
  method_not_allowed: ({ allowed }) => `This path accepts ${allowed} only.`,
  too_large: ({ limit }) => `The body may have ${limit} bytes.`,
};

/** The sentence of a caller's error. */
export function describeCallerError<C extends CallerErrorCode>(error: CallerErrorOf<C>): string {
  return callerErrorSentences[error.code](error.data);
}

/** Every code of a caller's error, for documentation and tests. */
export const callerErrorCodes: readonly string[] = Object.keys(callerErrorSentences);
