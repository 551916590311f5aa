/** Lambda entry point of the token review: kube-apiservers send it the bearer tokens of users. */
import { randomUUID } from 'node:crypto';
import { readTokenReviewConfig } from '../lib/config.ts';
import { createLambdaHandler } from '../lib/http/lambda-handler.ts';
import { createTokenReviewHandler } from '../lib/http/token-review.ts';
import { createDecisionLog } from '../lib/log/decision-log.ts';
import { scrubbingWriter } from '../lib/log/scrub.ts';
import { createReviewDependencies } from '../lib/review/adapters.ts';
import { environmentCredentials } from '../lib/net/sign.ts';

const clock = Date.now;

// Once per cold start. A wrong setting ends the start, with every problem named; Lambda starts again for the next request.
const config = readTokenReviewConfig(process.env);
const writeLine = scrubbingWriter(config.scrubbedAccounts, (line) => void process.stdout.write(line));
const credentials = environmentCredentials(process.env);

export const handler = createLambdaHandler(
  createTokenReviewHandler(createReviewDependencies(config, { credentials, clock }), {
    clock,
    newId: randomUUID,
    sink: createDecisionLog(config.logLevel, writeLine),
    scrubbedAccounts: config.scrubbedAccounts,
  }),
  writeLine,
);
