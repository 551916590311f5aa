/**
 * STS hosts of other regions that do not answer. Any caller can name one of some 80 hosts without any credentials, and a
 * deployment need not reach all of them: a request to such a host must not cost every review its time-out.
 */
import { unavailable } from '../errors.ts';
import type { Instant } from '../errors.ts';
import type { AskSts } from './sts.ts';

/** Failures in a row until a host is held back. */
const tolerated = 3;
/** How long a host is held back at most; then three more failures are needed. */
const heldMilliseconds = 30_000;
/** While it is held back, one request in this time tries it. */
const trialMilliseconds = 5000;

interface State {
  failures: number;
  heldUntil?: Instant;
  nextTrial: Instant;
}

export interface Region {
  /** `AWS_REGION`: its hosts are never held back, whatever they answer. */
  readonly region: string;
  /** Milliseconds; never set back. */
  readonly steadyClock: () => Instant;
}

/**
 * The same question, but a host of another region that did not answer three times in a row is asked once every 5 s for at most
 * 30 s; meanwhile the answer comes at once. `sts_unreachable` of such a host is marked as `elsewhere`, held back or not.
 */
export function sparingUnansweringHosts(ask: AskSts, { region, steadyClock }: Region): AskSts {
  const hosts = new UnansweringHosts(steadyClock);
  return async (request, clusterId) => {
    if (request.region === region) return ask(request, clusterId);
    const { host } = request;
    if (!hosts.mayAsk(host)) {
      return unavailable('sts_unreachable', { host, cause: 'it has not answered before', elsewhere: true });
    }
    const result = await ask(request, clusterId);
    if (result.ok || result.failure.code !== 'sts_unreachable') {
      hosts.answered(host);
      return result;
    }
    hosts.failed(host);
    return unavailable('sts_unreachable', { ...result.failure.data, elsewhere: true });
  };
}

/** A class, because there is state: an entry for each host of the static list at most. */
class UnansweringHosts {
  readonly #states = new Map<string, State>();
  readonly #clock: () => Instant;

  constructor(clock: () => Instant) {
    this.#clock = clock;
  }

  mayAsk(host: string): boolean {
    const state = this.#states.get(host);
    if (state?.heldUntil === undefined) return true;
    const now = this.#clock();
    if (now >= state.heldUntil) {
      this.#states.delete(host);
      return true;
    }
    if (now < state.nextTrial) return false;
    state.nextTrial = now + trialMilliseconds;
    return true;
  }

  answered(host: string): void {
    this.#states.delete(host);
  }

  /** Failures of requests that were under way do not hold a host back for longer. */
  failed(host: string): void {
    const state = this.#states.get(host) ?? { failures: 0, nextTrial: 0 };
    this.#states.set(host, state);
    state.failures += 1;
    if (state.failures < tolerated || state.heldUntil !== undefined) return;
    const now = this.#clock();
    state.heldUntil = now + heldMilliseconds;
    state.nextTrial = now + trialMilliseconds;
  }
}
