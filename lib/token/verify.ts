/** From a well-formed token to a verified identity: remembered, being asked already, or asked of STS. */
import { createHash } from 'node:crypto';
import { ok, unavailable } from '../errors.ts';
import type { Denied, Instant, Result } from '../errors.ts';
import type { CallerIdentity, VerifiedIdentity } from '../identity/caller-identity.ts';
import { ExpiringCache } from '../async/expiring-cache.ts';
import type { AskSts } from './sts.ts';
import type { UnverifiedRequest } from './parse/unverified-request.ts';

/** The result, and what it cost. */
export type Verification = Result<VerifiedIdentity> & {
  /** STS was not asked: the answer was remembered. */
  readonly cacheHit: boolean;
  /** How long this caller waited for STS; 0 for a cache hit. */
  readonly stsMilliseconds: number;
};

export interface Verifier {
  /**
   * @param token the text that `request` was parsed from
   * @param clusterId of our record: it is what the token must have been signed for
   * @param signal ends the wait, not the question: others may be waiting for the same answer
   */
  verify(
    token: string,
    request: UnverifiedRequest,
    clusterId: string,
    signal: AbortSignal,
  ): Promise<Verification>;
}

const identityMilliseconds = 60_000;
/** A wrong token that is tried again and again costs one question to STS in this time. */
const refusalMilliseconds = 10_000;
const maximumEntries = 10_000;

export function createVerifier({
  ask,
  clock,
}: {
  readonly ask: AskSts;
  readonly clock: () => Instant;
}): Verifier {
  // Apart, so that a flood of wrong tokens pushes no identity out.
  const identities = new ExpiringCache<VerifiedIdentity>(maximumEntries);
  const refusals = new ExpiringCache<Denied>(maximumEntries);
  const underway = new Map<string, Promise<Result<VerifiedIdentity>>>();

  const remembered = (key: string, now: Instant): Result<VerifiedIdentity> | undefined => {
    const identity = identities.get(key, now);
    if (identity !== undefined) return ok(identity);
    const failure = refusals.get(key, now);
    return failure === undefined ? undefined : { ok: false, failure };
  };

  const remember = (
    key: string,
    result: Result<VerifiedIdentity>,
    { expiresAt }: UnverifiedRequest,
  ): void => {
    const now = clock();
    if (result.ok) identities.set(key, result.value, Math.min(now + identityMilliseconds, expiresAt));
    else if (result.failure.outcome === 'denied')
      refusals.set(key, result.failure, now + refusalMilliseconds);
  };

  const askAndRemember = async (
    key: string,
    request: UnverifiedRequest,
    clusterId: string,
  ): Promise<Result<VerifiedIdentity>> => {
    const result = acceptAnswer(await ask(request, clusterId), request);
    remember(key, result, request);
    return result;
  };

  const share = (
    key: string,
    answer: Promise<Result<VerifiedIdentity>>,
  ): Promise<Result<VerifiedIdentity>> => {
    const shared = answer.finally(() => underway.delete(key));
    underway.set(key, shared);
    return shared;
  };

  return {
    async verify(token, request, clusterId, signal) {
      const key = cacheKey(clusterId, token);
      const start = clock();
      const known = remembered(key, start);
      if (known !== undefined) return { ...known, cacheHit: true, stsMilliseconds: 0 };

      const shared = underway.get(key) ?? share(key, askAndRemember(key, request, clusterId));
      const result = await unlessAborted(shared, request.host, signal);
      return { ...result, cacheHit: false, stsMilliseconds: clock() - start };
    },
  };
}

/** Reveals nothing of the token. JSON keeps the two parts apart, whatever is in them. */
function cacheKey(clusterId: string, token: string): string {
  return createHash('sha256')
    .update(JSON.stringify([clusterId, token]))
    .digest('base64url');
}

/** STS took the signature of this very request: this is what makes an identity a verified one, and the only place that does. */
function isAnswerTo(identity: CallerIdentity, request: UnverifiedRequest): identity is VerifiedIdentity {
  return identity.accessKeyId === request.accessKeyId && identity.partition === request.partition;
}

function acceptAnswer(answer: Result<CallerIdentity>, request: UnverifiedRequest): Result<VerifiedIdentity> {
  if (!answer.ok) return answer;
  const identity = answer.value;
  if (isAnswerTo(identity, request)) return ok(identity);
  return unavailable('sts_bad_answer', { host: request.host, rule: 'is about another request' });
}

function unlessAborted(
  shared: Promise<Result<VerifiedIdentity>>,
  host: string,
  signal: AbortSignal,
): Promise<Result<VerifiedIdentity>> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(unavailable('sts_unreachable', { host, cause: 'out of time' }));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
