/**
 * The review path's DynamoDB client: two reads, signed by `aws4`, over `node:https`. The AWS SDK's client alone
 * would cost 0.15 s at every cold start. Its answers are not parsed here; its failures never hold a secret.
 */
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok, unavailable } from '../../errors.ts';
import { partitionOfRegion } from '../../identity/partitions.ts';
import { backOff } from '../../async/backoff.ts';
import type { Random } from '../../async/backoff.ts';
import type { ReviewReader } from '../ports.ts';
import type { DynamoReads } from './dynamo-reads.ts';
import { reviewReaderOver } from './review-reader.ts';
import { createHttpClient } from '../../net/http-client.ts';
import type { HttpOutcome, NoAnswer } from '../../net/http-client.ts';
import { signRequest } from '../../net/sign.ts';
import type { AwsCredentials } from '../../net/sign.ts';

export interface DynamoDbHttpOptions {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_DYNAMODB`; default: the region's public endpoint. */
  readonly endpoint?: string | undefined;
  /** Asked before every attempt: it caches, if that is worth it. */
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: () => Instant;
  /** Default `Math.random`. */
  readonly random?: Random | undefined;
  /** Milliseconds for one attempt, connecting included. Default 1,000: DynamoDB answers in about 10. */
  readonly attemptTimeout?: number | undefined;
}

const maxAttempts = 3;
const defaultAttemptTimeout = 1000;
/** Answers of a review have a few kilobytes; a page of a Query has 1 MB at most. */
export const maximumAnswerBytes = 4 * 1024 * 1024;

/** DynamoDB returns these with status 400; they are worth a retry. */
const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

/** `https://dynamodb.eu-central-1.amazonaws.com`. @throws RangeError if no partition has such a region */
export function regionalEndpoint(region: string): string {
  const partition = partitionOfRegion(region);
  if (partition === undefined) throw new RangeError(`No partition has a region named ${region}.`);
  return `https://dynamodb.${region}.${partition.dnsSuffix}`;
}

/** @throws TypeError if the endpoint is not a URL; RangeError if the region is unknown and there is no endpoint */
export function createDynamoDbHttp(options: DynamoDbHttpOptions): DynamoReads {
  const endpoint = new URL(options.endpoint ?? regionalEndpoint(options.region));
  const client = createHttpClient({ keepAlive: true, maxSockets: 50 });
  const { random = Math.random, attemptTimeout = defaultAttemptTimeout } = options;

  const attempt = async (operation: string, body: string, signal: AbortSignal): Promise<HttpOutcome> => {
    const send = async (): Promise<HttpOutcome> => {
      const request = {
        method: 'POST',
        path: '/',
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          'X-Amz-Target': `DynamoDB_20120810.${operation}`,
        },
        body,
      };
      const headers = signRequest({
        ...request,
        service: 'dynamodb',
        region: options.region,
        host: endpoint.host,
        credentials: await options.credentials(),
        at: options.clock(),
      });
      const limits = { timeoutMilliseconds: attemptTimeout, maximumAnswerBytes, signal };
      return client({ ...request, ...limits, origin: endpoint, headers });
    };
    const first = await send();
    // Lambda freezes its environments: a kept-alive socket may be dead, and the request was never read.
    return first.kind === 'no_answer' && first.staleSocket ? send() : first;
  };

  const call = async (
    operation: string,
    input: object,
    signal: AbortSignal,
  ): Promise<Result<unknown, Unavailable>> => {
    const body = JSON.stringify(input);
    let cause = 'no attempt';
    for (let count = 0; count < maxAttempts; count += 1) {
      if (count > 0 && !(await backOff(count, random, signal))) break;
      const outcome = evaluate(await attempt(operation, body, signal).catch(credentialsFailed));
      if (outcome.kind === 'answer') return ok(outcome.value);
      cause = outcome.cause;
      if (outcome.kind === 'final' || signal.aborted) break;
    }
    return unavailable('store_unavailable', { cause });
  };

  return {
    query: async (input, signal) => call('Query', input, signal),
    batchGetItem: async (input, signal) => call('BatchGetItem', input, signal),
  };
}

/** The credentials provider's message stays here: it may quote what it has read. */
const credentialsFailed = (): NoAnswer => ({
  kind: 'no_answer',
  cause: 'no credentials',
  staleSocket: false,
});

type Evaluated =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'again' | 'final'; readonly cause: string };

function evaluate(outcome: HttpOutcome): Evaluated {
  if (outcome.kind === 'no_answer') return { kind: 'again', cause: outcome.cause };
  const { status, body } = outcome;
  if (body === undefined) return { kind: 'again', cause: 'answer too large' };
  const value = parseJson(body.toString('utf8'));
  if (status === 200) {
    return value === undefined ? { kind: 'again', cause: 'answer is not JSON' } : { kind: 'answer', value };
  }
  const name = errorName(value);
  const again = status >= 500 || status === 429 || (name !== undefined && throttled.has(name));
  return { kind: again ? 'again' : 'final', cause: name ?? `HTTP status ${status}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `ThrottlingException` of `com.amazon.coral.availability#ThrottlingException`. */
function errorName(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('__type' in body)) return undefined;
  return /(?:^|#)([A-Za-z]{1,64})$/.exec(String(body.__type))?.[1];
}

export interface ReviewReaderOptions extends DynamoDbHttpOptions {
  /** Name or ARN of the table. */
  readonly table: string;
}

/** @throws TypeError if the endpoint is not a URL; RangeError if the region is unknown and there is no endpoint */
export const createReviewReader = (options: ReviewReaderOptions): ReviewReader =>
  reviewReaderOver({
    table: options.table,
    reads: createDynamoDbHttp(options),
    random: options.random,
  });
