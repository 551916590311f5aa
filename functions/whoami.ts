/** Lambda entry point of whoami: users ask it about their own tokens; its concurrency is not that of the reviews. */
import { randomUUID } from 'node:crypto';
import { readWhoamiConfig } from '../lib/config.ts';
import { createLambdaHandler } from '../lib/http/lambda-handler.ts';
import { createWhoamiHandler } from '../lib/http/whoami.ts';
import { createDecisionLog } from '../lib/log/decision-log.ts';
import { scrubbingWriter } from '../lib/log/scrub.ts';
import { createWhoamiDependencies } from '../lib/review/adapters.ts';
import { environmentCredentials } from '../lib/net/sign.ts';

const clock = Date.now;

// Once per cold start. A wrong setting ends the start, with every problem named; Lambda starts again for the next request.
const config = readWhoamiConfig(process.env);
const writeLine = scrubbingWriter(config.scrubbedAccounts, (line) => void process.stdout.write(line));
const credentials = environmentCredentials(process.env);

export const handler = createLambdaHandler(
  createWhoamiHandler(createWhoamiDependencies(config, { credentials, clock }), {
    clock,
    newId: randomUUID,
    sink: createDecisionLog(config.logLevel, writeLine),
    scrubbedAccounts: config.scrubbedAccounts,
  }),
  writeLine,
);
