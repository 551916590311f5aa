/** From a well-formed token to a verified identity: cached, in flight, or asked of STS. */
import { createHash } from 'node:crypto';
import { failed, ok, unavailable } from '../errors.ts';
import type { Failure, Instant, Result } from '../errors.ts';
import type { ReportedIdentity, VerifiedIdentity } from '../identity/caller-identity.ts';
import { ExpiringCache } from '../async/expiring-cache.ts';
import { SingleFlight, unlessAborted } from '../async/single-flight.ts';
import type { AskSts } from './sts.ts';
import type { UnverifiedRequest } from './parse/unverified-request.ts';

/** The result, and what it cost. */
export type Verification = Result<VerifiedIdentity> & {
  /** The answer was cached: STS was not asked. `undefined`: the question was not admitted. */
  readonly cacheHit: boolean | undefined;
  /** How long this caller waited for STS; 0 for a cache hit. */
  readonly stsMilliseconds: number | undefined;
};

export interface Verifier {
  /**
   * @param clusterId of the record: the token must have been signed for it
   * @param signal ends the wait, not the question: other callers may be waiting for the same answer
   */
  verify(request: UnverifiedRequest, clusterId: string, signal: AbortSignal): Promise<Verification>;
}

const identityMilliseconds = 60_000;
/** A wrong token that is tried repeatedly costs one question to STS in this time. */
const refusalMilliseconds = 10_000;
/** Long enough that a flood of one token costs one question a second, short enough for the retries of an apiserver. */
const unavailableMilliseconds = 1000;
const defaultEntries = 10_000;

export interface VerifierOptions {
  readonly ask: AskSts;
  readonly clock: () => Instant;
  /** What the ages of cached answers are measured by. Default: `clock`. */
  readonly steadyClock?: (() => Instant) | undefined;
  /** Of each kind: identities, refusals, answers that are not known. Default 10,000. */
  readonly maximumEntries?: number | undefined;
  /**
   * Asked once for each request that costs something: a question to STS, or the read of mappings that follows a cached identity. A
   * cached refusal costs nothing. `false`: `cluster_rate_exceeded`. Default: all are admitted.
   */
  readonly admit?: ((clusterId: string) => boolean) | undefined;
}

export function createVerifier({
  ask,
  clock,
  steadyClock = clock,
  maximumEntries = defaultEntries,
  admit = () => true,
}: VerifierOptions): Verifier {
  const answers = new AnswerCache(clock, steadyClock, maximumEntries);
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
    async verify(request, clusterId, signal) {
      const { host } = request;
      const key = cacheKey(clusterId, request);
      const start = clock();
      const cached = answers.get(key);
      if (cached?.ok !== false && !admit(clusterId)) return notAdmitted(clusterId);
      if (cached !== undefined) return { ...cached, cacheHit: true, stsMilliseconds: 0 };

      const answer = inFlight.run(key, () => askAndCache(key, request, clusterId));
      const result = await unlessAborted(answer, signal, () =>
        unavailable('sts_unreachable', { host, cause: 'out of time' }),
      );
      return { ...result, cacheHit: false, stsMilliseconds: clock() - start };
    },
  };
}

/** Not cached: the next request may be admitted. */
const notAdmitted = (clusterId: string): Verification => ({
  ...unavailable('cluster_rate_exceeded', { clusterId }),
  cacheHit: undefined,
  stsMilliseconds: undefined,
});

/** A class, because there is state. */
class AnswerCache {
  // A cache for each kind, so that a flood of wrong tokens evicts no identity.
  readonly #identities: ExpiringCache<VerifiedIdentity>;
  readonly #refusals: ExpiringCache<Failure>;
  readonly #unavailable: ExpiringCache<Failure>;
  readonly #clock: () => Instant;

  constructor(clock: () => Instant, steadyClock: () => Instant, maximumEntries: number) {
    this.#identities = new ExpiringCache(maximumEntries, steadyClock);
    this.#refusals = new ExpiringCache(maximumEntries, steadyClock);
    this.#unavailable = new ExpiringCache(maximumEntries, steadyClock);
    this.#clock = clock;
  }

  get(key: string): Result<VerifiedIdentity> | undefined {
    const identity = this.#identities.get(key);
    if (identity !== undefined) return ok(identity);
    const failure = this.#refusals.get(key) ?? this.#unavailable.get(key);
    return failure === undefined ? undefined : failed(failure);
  }

  /** An identity does not outlive its token. */
  set(key: string, result: Result<VerifiedIdentity>, { expiresAt }: UnverifiedRequest): void {
    if (result.ok) {
      this.#identities.set(key, result.value, Math.min(identityMilliseconds, expiresAt - this.#clock()));
    } else if (result.failure.outcome === 'denied') {
      this.#refusals.set(key, result.failure, refusalMilliseconds);
    } else {
      this.#unavailable.set(key, result.failure, unavailableMilliseconds);
    }
  }
}

/**
 * Of the request that is sent, not of the token's text: one request can be spelled in many ways, and its signature covers the rest.
 * A hash, so that it reveals nothing. JSON separates the parts, whatever they hold.
 */
function cacheKey(clusterId: string, { host, canonicalQuery }: UnverifiedRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([clusterId, host, canonicalQuery]))
    .digest('base64url');
}

/** STS accepted the signature of this very request: that verifies an identity, and nothing else does. */
function isAnswerTo(
  identity: ReportedIdentity,
  { partition }: UnverifiedRequest,
): identity is VerifiedIdentity {
  return identity.partition === partition;
}

/** STS does not report the access key: it is that of the request whose signature it accepted. */
function acceptAnswer(
  answer: Result<ReportedIdentity>,
  request: UnverifiedRequest,
): Result<VerifiedIdentity> {
  if (!answer.ok) return answer;
  const identity = { ...answer.value, accessKeyId: request.accessKeyId };
  if (isAnswerTo(identity, request)) return ok(identity);
  return unavailable('sts_bad_answer', { host: request.host, rule: 'is about another request' });
}
