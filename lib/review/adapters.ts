/** Connects a review to AWS: creates the adapters of its ports, for the functions and for `countersign serve`. */
import type { VerifierConfig } from '../config.ts';
import type { Instant } from '../errors.ts';
import { createSteadyClock } from '../async/steady-clock.ts';
import { stsHosts } from '../identity/partitions.ts';
import { lazyEc2InstanceReader } from '../resolve/ec2/instance-names-lazy.ts';
import { CachedInstances } from '../resolve/ec2/cached-instances.ts';
import type { DecisionDependencies, ReviewDependencies } from './review-token.ts';
import { createClusterCache } from './cluster-cache.ts';
import type { WhoamiDependencies } from './whoami.ts';
import type { ReviewReader } from '../store/ports.ts';
import { createReviewReader } from '../store/review/dynamodb-http.ts';
import type { AwsCredentials } from '../net/sign.ts';
import { createStsTransport } from '../token/sts.ts';
import type { AskSts, StsTransportOptions } from '../token/sts.ts';
import { sparingUnansweringHosts } from '../token/unanswering-hosts.ts';
import { createVerifier } from '../token/verify.ts';

export interface ReviewEnvironment {
  /** For DynamoDB; called before every attempt. */
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: () => Instant;
  /** How STS is reached. Default: by the settings; `countersign dev` reaches a stand-in for all hosts. */
  readonly sts?: StsTransportOptions | undefined;
  /** For reviews only: whether the cluster may ask STS or the table once more. Whoami does not use up a cluster's rate. Default: always. */
  readonly admit?: ((clusterId: string) => boolean) | undefined;
}

interface VerifierLimits {
  readonly maximumEntries?: number | undefined;
  readonly admit?: ((clusterId: string) => boolean) | undefined;
}

/** Identities that whoami caches: its callers are few. */
const whoamiEntries = 1000;

/** Opens no connection: the first review does. */
export function createReviewDependencies(
  config: VerifierConfig,
  environment: ReviewEnvironment,
): ReviewDependencies {
  const { steadyClock, ...common } = createDependencies(config, environment, { admit: environment.admit });
  return { ...common, clusters: createClusterCache(common.store, steadyClock) };
}

/**
 * Of whoami: every holder of a token may ask it about any cluster id. It shares no cache with the reviews, so that its callers evict
 * none of their identities; and it caches no cluster, so that an id that exists costs the reads of one that does not.
 */
export function createWhoamiDependencies(
  config: VerifierConfig,
  environment: ReviewEnvironment,
): WhoamiDependencies {
  const { steadyClock: _, ...common } = createDependencies(config, environment, {
    maximumEntries: whoamiEntries,
  });
  return { ...common, clusters: common.store };
}

function createDependencies(
  config: VerifierConfig,
  { credentials, clock, sts = stsOptions(config) }: ReviewEnvironment,
  limits: VerifierLimits,
): DecisionDependencies & { readonly store: ReviewReader; readonly steadyClock: () => Instant } {
  const { region, table, dynamodbEndpoint: endpoint, ec2ReaderRoleArn } = config;
  const steadyClock = createSteadyClock(clock, () => performance.now());
  const ask = askSts(sts, region, steadyClock);
  const ec2 = lazyEc2InstanceReader({ region, readerRoleArn: ec2ReaderRoleArn });
  return {
    hosts: stsHosts(config.extraStsRegions),
    verifier: createVerifier({ ask, clock, steadyClock, ...limits }),
    store: createReviewReader({ table, region, endpoint, credentials, clock }),
    instances: new CachedInstances(ec2, steadyClock),
    clock,
    steadyClock,
  };
}

/** An endpoint is one host, whose failures are the deployment's own. */
function askSts(options: StsTransportOptions, region: string, steadyClock: () => Instant): AskSts {
  const ask = createStsTransport(options);
  return options.endpoint === undefined ? sparingUnansweringHosts(ask, { region, steadyClock }) : ask;
}

/** An interface endpoint knows its own region: other hosts' tokens would look wrongly signed to it. */
function stsOptions({ stsEndpoint }: VerifierConfig): StsTransportOptions {
  return stsEndpoint === undefined ? {} : { endpoint: stsEndpoint.url, reach: { host: stsEndpoint.host } };
}
