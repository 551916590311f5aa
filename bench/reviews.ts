/** What a warm function spends on a review, by what it finds remembered. */
import { stsHosts } from '../lib/identity/partitions.ts';
import { createLambdaHandler } from '../lib/http/lambda-handler.ts';
import { createTokenReviewHandler } from '../lib/http/token-review.ts';
import { readTokenReviewConfig } from '../lib/config.ts';
import { createReviewDependencies } from '../lib/review/adapters.ts';
import { environmentCredentials } from '../lib/net/sign.ts';
import { parseToken } from '../lib/token/parse/token.ts';
import { standInEnvironment } from '../test/fixtures/aws-stand-ins.ts';
import type { StandIns } from '../test/fixtures/aws-stand-ins.ts';
import { measureWork } from './measure.ts';
import { freshToken, reviewEvent } from './review-event.ts';
import type { Row } from './table.ts';

function createHandler(standIns: StandIns): (event: object) => Promise<unknown> {
  const environment = standInEnvironment(standIns);
  const config = readTokenReviewConfig(environment);
  const clock = Date.now;
  const credentials = environmentCredentials(environment);
  let id = 0;
  const handler = createTokenReviewHandler(createReviewDependencies(config, { credentials, clock }), {
    clock,
    newId: () => String((id += 1)),
    sink: { record: () => {} },
    scrubbedAccounts: config.scrubbedAccounts,
  });
  return createLambdaHandler(handler, () => {});
}

/** Each as a multiple of reading a token, which is all that a review needs of the processor besides one HMAC. */
export async function measureReviews(standIns: StandIns): Promise<Row[]> {
  const handle = createHandler(standIns);
  const hosts = stsHosts([]);
  const token = freshToken();
  const remembered = reviewEvent(token);
  const foreign = reviewEvent('eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl');
  let serial = 0;

  const parse = await measureWork(() => parseToken(token, { hosts, partition: 'aws', now: Date.now() }));
  const warm = {
    'warm review of a foreign token': await measureWork(() => handle(foreign)),
    'warm review, identity remembered (DynamoDB asked)': await measureWork(() => handle(remembered)),
    'warm review, new token (STS and DynamoDB asked)': await measureWork(() =>
      handle(reviewEvent(freshToken((serial += 1)))),
    ),
  };
  const row = (name: string, time: number): Row => ({
    name,
    time: `${time.toFixed(1)} µs`,
    ratio: time / parse,
    of: 'parse',
    limit: undefined,
  });
  return [
    row(`parse of a token (${Math.round(1e6 / parse).toLocaleString('en')} a second)`, parse),
    ...Object.entries(warm).map(([name, time]) => row(name, time)),
  ];
}
