/** From a well-formed token to a verified identity: cached, in flight, or asked of STS. */
import { createHash } from 'node:crypto';
import { ok, unavailable } from '../errors.ts';
import type { Denied, Instant, Result } from '../errors.ts';
import type { ReportedIdentity, VerifiedIdentity } from '../identity/caller-identity.ts';
import { ExpiringCache } from '../async/expiring-cache.ts';
import { SingleFlight, unlessAborted } from '../async/single-flight.ts';
import type { AskSts } from './sts.ts';
import type { UnverifiedRequest } from './parse/unverified-request.ts';

/** The result, and what it cost. */
export type Verification = Result<VerifiedIdentity> & {
  /** The answer was cached: STS was not asked. */
  readonly cacheHit: boolean;
  /** How long this caller waited for STS; 0 for a cache hit. */
  readonly stsMilliseconds: number;
};

export interface Verifier {
  /**
   * @param token the text that `request` was parsed from
   * @param clusterId of the record: the token must have been signed for it
   * @param signal ends the wait, not the question: other callers may be waiting for the same answer
   */
  verify(
    token: string,
    request: UnverifiedRequest,
    clusterId: string,
    signal: AbortSignal,
  ): Promise<Verification>;
}

const identityMilliseconds = 60_000;
/** A wrong token that is tried repeatedly costs one question to STS in this time. */
const refusalMilliseconds = 10_000;
const maximumEntries = 10_000;

export function createVerifier({
  ask,
  clock,
}: {
  readonly ask: AskSts;
  readonly clock: () => Instant;
}): Verifier {
  const answers = new AnswerCache(clock);
  const inFlight = new SingleFlight<Result<VerifiedIdentity>>();

  const askAndCache = async (
    key: string,
    request: UnverifiedRequest,
    clusterId: string,
  ): Promise<Result<VerifiedIdentity>> => {
    const result = acceptAnswer(await ask(request, clusterId), request);
    answers.set(key, result, request);
    return result;
  };

  return {
    async verify(token, request, clusterId, signal) {
      const { host } = request;
      const key = cacheKey(clusterId, token);
      const start = clock();
      const cached = answers.get(key);
      if (cached !== undefined) return { ...cached, cacheHit: true, stsMilliseconds: 0 };

      const answer = inFlight.run(key, () => askAndCache(key, request, clusterId));
      const result = await unlessAborted(answer, signal, () =>
        unavailable('sts_unreachable', { host, cause: 'out of time' }),
      );
      return { ...result, cacheHit: false, stsMilliseconds: clock() - start };
    },
  };
}

/** A class, because there is state. An unavailable outcome is never cached. */
class AnswerCache {
  // Two caches, so that a flood of wrong tokens evicts no identity.
  readonly #identities: ExpiringCache<VerifiedIdentity>;
  readonly #refusals: ExpiringCache<Denied>;
  readonly #clock: () => Instant;

  constructor(clock: () => Instant) {
    this.#identities = new ExpiringCache(maximumEntries, clock);
    this.#refusals = new ExpiringCache(maximumEntries, clock);
    this.#clock = clock;
  }

  get(key: string): Result<VerifiedIdentity> | undefined {
    const identity = this.#identities.get(key);
    if (identity !== undefined) return ok(identity);
    const failure = this.#refusals.get(key);
    return failure === undefined ? undefined : { ok: false, failure };
  }

  /** An identity does not outlive its token. */
  set(key: string, result: Result<VerifiedIdentity>, { expiresAt }: UnverifiedRequest): void {
    const now = this.#clock();
    if (result.ok) {
      this.#identities.set(key, result.value, Math.min(identityMilliseconds, expiresAt - now), now);
    } else if (result.failure.outcome === 'denied') {
      this.#refusals.set(key, result.failure, refusalMilliseconds, now);
    }
  }
}

/** A hash, so that it reveals nothing of the token. JSON separates the two parts, whatever they hold. */
function cacheKey(clusterId: string, token: string): string {
  return createHash('sha256')
    .update(JSON.stringify([clusterId, token]))
    .digest('base64url');
}

/** STS accepted the signature of this very request: that verifies an identity, and nothing else does. */
function isAnswerTo(identity: ReportedIdentity, request: UnverifiedRequest): identity is VerifiedIdentity {
  return identity.accessKeyId === request.accessKeyId && identity.partition === request.partition;
}

function acceptAnswer(
  answer: Result<ReportedIdentity>,
  request: UnverifiedRequest,
): Result<VerifiedIdentity> {
  if (!answer.ok) return answer;
  const identity = answer.value;
  if (isAnswerTo(identity, request)) return ok(identity);
  return unavailable('sts_bad_answer', { host: request.host, rule: 'is about another request' });
}
