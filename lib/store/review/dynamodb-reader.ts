/** The read port of the review path: the reads of a review over the small signed client, without the AWS SDK. */
import { createDynamoDbHttp } from './dynamodb-http.ts';
import type { DynamoDbHttpOptions } from './dynamodb-http.ts';
import type { ReviewReader } from '../ports.ts';
import { reviewReaderOver } from './review-reads.ts';

export interface ReviewReaderOptions extends DynamoDbHttpOptions {
  /** Name or ARN of the table. */
  readonly table: string;
}

/** @throws TypeError where the endpoint is not a URL; RangeError where the region is unknown and no endpoint given */
export const createReviewReader = (options: ReviewReaderOptions): ReviewReader =>
  reviewReaderOver({
    table: options.table,
    reads: createDynamoDbHttp(options),
    random: options.random,
  });
