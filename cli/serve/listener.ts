/** What `countersign serve` answers: the same handlers as on Lambda, and what Prometheus scrapes. */
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Rate } from '../../lib/async/token-bucket.ts';
import type { TokenReviewConfig } from '../../lib/config.ts';
import { needsBody } from '../../lib/http/cluster-route.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import { createListener } from '../../lib/http/node-server.ts';
import { createTokenReviewHandler } from '../../lib/http/token-review.ts';
import { createWhoamiHandler } from '../../lib/http/whoami.ts';
import { allSinks } from '../../lib/log/decision-event.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';
import { scrubbingWriter } from '../../lib/log/scrub.ts';
import { describeThrown } from '../../lib/log/thrown.ts';
import type { DecisionContext } from '../../lib/review/decision.ts';
import { createReviewDependencies, createWhoamiDependencies } from '../../lib/review/adapters.ts';
import type { ReviewEnvironment } from '../../lib/review/adapters.ts';
import { version } from '../../lib/version.ts';
import { admissionBy, sparingRefusals } from './cluster-rate.ts';
import { createMetrics, withMetrics } from './metrics.ts';

/** Bytes. The longest token of a TokenReview has 16 KiB; clients without a webhook token can open connections, too. */
const bodyBytes = 64 * 1024;

export interface ServeOptions {
  readonly config: TokenReviewConfig;
  readonly environment: Pick<ReviewEnvironment, 'credentials' | 'clock'>;
  /** Of each cluster. Default: no limit. */
  readonly clusterRate: Rate | undefined;
  readonly whoami: boolean;
  /** Receives the lines of the log, each with its newline. */
  readonly write: (line: string) => void;
}

/** A listener for the HTTPS server. Opens no connection: the first review does. */
export function createServeListener(options: ServeOptions): RequestListener {
  const { config, environment, clusterRate, write: writeLine } = options;
  const { clock } = environment;
  const write = scrubbingWriter(config.scrubbedAccounts, writeLine);
  const metrics = createMetrics(version);
  const decisions: DecisionContext = {
    clock,
    newId: randomUUID,
    sink: allSinks(sparingRefusals(createDecisionLog(config.logLevel, write)), metrics),
    scrubbedAccounts: config.scrubbedAccounts,
  };
  const admit = clusterRate === undefined ? undefined : admissionBy(clusterRate, clock);
  const dependencies = createReviewDependencies(config, { ...environment, admit });
  const review = createLambdaHandler(createTokenReviewHandler(dependencies, decisions), write);
  // Of its own, caches included: its callers are strangers, and must not evict what the reviews have cached.
  const whoami = options.whoami
    ? createLambdaHandler(
        createWhoamiHandler(createWhoamiDependencies(config, environment), decisions),
        write,
      )
    : undefined;
  const listener = createListener(
    ({ rawPath }) => (whoami !== undefined && rawPath.endsWith('/whoami') ? whoami : review),
    {
      bodyBytes,
      needsBody,
      onError: (error) =>
        write(`${JSON.stringify({ level: 'error', event: 'unhandled', ...describeThrown(error) })}\n`),
    },
  );
  return withMetrics(listener, metrics);
}
