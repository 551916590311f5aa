/** Connects a review to AWS: creates the adapters of its ports, for the functions and for `countersign serve`. */
import type { VerifierConfig } from '../config.ts';
import type { Instant } from '../errors.ts';
import { stsHosts } from '../identity/partitions.ts';
import { lazyEc2InstanceReader } from '../resolve/ec2/instance-names-lazy.ts';
import { CachedInstances } from '../resolve/ec2/cached-instances.ts';
import type { ReviewDependencies } from './review-token.ts';
import { createClusterCache } from './cluster-cache.ts';
import { createReviewReader } from '../store/review/dynamodb-http.ts';
import type { AwsCredentials } from '../net/sign.ts';
import { createStsTransport } from '../token/sts.ts';
import type { StsTransportOptions } from '../token/sts.ts';
import { createVerifier } from '../token/verify.ts';

export interface ReviewEnvironment {
  /** For DynamoDB; called before every attempt. */
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: () => Instant;
  /** How STS is reached. Default: by the settings; `countersign dev` reaches a stand-in for all hosts. */
  readonly sts?: StsTransportOptions | undefined;
}

/** Opens no connection: the first review does. */
export function createReviewDependencies(
  config: VerifierConfig,
  { credentials, clock, sts = stsOptions(config) }: ReviewEnvironment,
): ReviewDependencies {
  const { region, table, dynamodbEndpoint: endpoint, ec2ReaderRoleArn } = config;
  const store = createReviewReader({ table, region, endpoint, credentials, clock });
  const ec2 = lazyEc2InstanceReader({ region, readerRoleArn: ec2ReaderRoleArn });
  return {
    hosts: stsHosts(config.extraStsRegions),
    verifier: createVerifier({ ask: createStsTransport(sts), clock }),
    clusters: createClusterCache(store, clock),
    store,
    instances: new CachedInstances(ec2, clock),
    clock,
  };
}

/** An interface endpoint knows its own region: other hosts' tokens would look wrongly signed to it. */
function stsOptions({ stsEndpoint }: VerifierConfig): StsTransportOptions {
  return stsEndpoint === undefined ? {} : { endpoint: stsEndpoint.url, reach: { host: stsEndpoint.host } };
}
