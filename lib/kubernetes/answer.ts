/**
 * Turns a decision into an HTTP answer; nothing else does. The rule: a token of another authenticator is refused without a
 * reason, and the apiserver caches that; a refused token of Countersign carries its reason; an *unavailable* decision is retried.
 */
import {
  type CallerError,
  type CallerErrorCode,
  type Denied,
  type Unavailable,
  describe,
  describeCallerError,
} from '../errors.ts';
import type { VerifiedIdentity } from '../identity/caller-identity.ts';
import type { TokenReviewVersion } from './token-review.ts';

/** The user of a verified caller inside the cluster. */
export interface KubernetesUser {
  /** Never empty: the apiserver would accept it. */
  readonly username: string;
  readonly groups: readonly string[];
}

/** AWS identifies the caller, and a mapping admits it. */
export interface Verified {
  readonly outcome: 'verified';
  readonly identity: VerifiedIdentity;
  readonly user: KubernetesUser;
}

export type Answerable = Verified | Denied | Unavailable | CallerError;

export interface AnswerContext {
  /** The request's own, once it is known. */
  readonly apiVersion: TokenReviewVersion;
  /** By which the decision event is found in the log. */
  readonly decisionId: string;
  /** Accounts of administrators whose identity is kept out of the cluster's audit log. */
  readonly scrubbedAccounts: ReadonlySet<string>;
  /** The account that AWS reported, if the decision got that far. */
  readonly accountId?: string | undefined;
}

export interface Answer {
  /** 200, 400, 401, 404, 405, 413, 429 or 500. Never 503, which is not retried, and never a redirect. */
  readonly status: number;
  /** A TokenReview with 200, else a `Status`, whose message the apiserver puts in its log. */
  readonly body: object;
}

/** The wire form of a decision. Never sets `status.audiences`, so only the apiserver's own audiences apply. */
export function answerTokenReview(decision: Answerable, context: AnswerContext): Answer {
  if (decision.outcome === 'caller_error') return callerFailure(decision);
  if (decision.outcome === 'unavailable') {
    return isTooMany(decision)
      ? failure(429, 'TooManyRequests', reason(decision, context))
      : failure(500, 'InternalError', reason(decision, context));
  }
  if (decision.outcome === 'denied') {
    return decision.code === 'foreign_token'
      ? review(context, { authenticated: false })
      : review(context, { authenticated: false, error: reason(decision, context) });
  }
  // Every template has literal text, so this cannot happen; but this is the last check before the wire.
  if (decision.user.username === '') return failure(500, 'InternalError', 'internal: an empty username');
  return review(context, { authenticated: true, user: userInfo(decision, context.scrubbedAccounts) });
}

/** The caller's account or cluster asks too often; nothing has failed. */
const isTooMany = ({ code }: Unavailable): boolean =>
  code === 'sts_throttled' || code === 'cluster_rate_exceeded';

/** HTTP status and Kubernetes' own name of it. None of these is retried by the apiserver. */
export const callerErrorStatus: Readonly<Record<CallerErrorCode, readonly [number, string]>> = {
  unauthorized: [401, 'Unauthorized'],
  bad_request: [400, 'BadRequest'],
  not_found: [404, 'NotFound'],
  method_not_allowed: [405, 'MethodNotAllowed'],
  too_large: [413, 'RequestEntityTooLarge'],
};

function callerFailure(error: CallerError): Answer {
  const [status, name] = callerErrorStatus[error.code];
  return failure(status, name, `${error.code}: ${describeCallerError(error)}`);
}

const review = (context: AnswerContext, status: object): Answer => ({
  status: 200,
  body: { apiVersion: context.apiVersion, kind: 'TokenReview', status },
});

const failure = (status: number, reason: string, message: string): Answer => ({
  status,
  body: { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', message, reason, code: status },
});

/** `<code>: <sentence> (decision <id>)`; for a scrubbed account without the sentence, which can name the caller. */
function reason(decision: Denied | Unavailable, context: AnswerContext): string {
  const scrubbed = context.accountId !== undefined && context.scrubbedAccounts.has(context.accountId);
  const sentence = scrubbed ? 'The log of Countersign holds the reason.' : describe(decision);
  return `${decision.code}: ${sentence} (decision ${context.decisionId})`;
}

/** Of a role's session only: the name of a federated user is in the ARN and in the unique id. */
const sessionNameOf = ({ principal, sessionName = '' }: VerifiedIdentity): string =>
  principal.kind === 'federated-user' ? '' : sessionName;

/** `uid` and `extra` as in aws-iam-authenticator 0.7, scrubbed accounts included, so that audit tools work unchanged. */
function userInfo({ identity, user }: Verified, scrubbedAccounts: ReadonlySet<string>): object {
  const { username, groups } = user;
  if (scrubbedAccounts.has(identity.accountId)) {
    return { username, uid: `aws-iam-authenticator:administrative:${username}`, groups };
  }
  return {
    username,
    uid: `aws-iam-authenticator:${identity.accountId}:${identity.principalId}`,
    groups,
    extra: {
      arn: [identity.arn],
      canonicalArn: [identity.canonicalArn],
      sessionName: [sessionNameOf(identity)],
      accessKeyId: [identity.accessKeyId],
      principalId: [identity.principalId],
      'sigs.k8s.io/aws-iam-authenticator/principalId': [identity.principalId],
    },
  };
}
