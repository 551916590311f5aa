/** Lambda entry point of the IAM group sync: on a schedule, or requested by the admin API. */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readSyncConfig } from '../lib/config.ts';
import { createIamReader } from '../lib/sync/iam.ts';
import { logSyncRun } from '../lib/sync/metrics.ts';
import { parseSyncEvent, runSync } from '../lib/sync/run.ts';
import { lazy } from '../lib/async/lazy.ts';
import { scrubbingWriter } from '../lib/log/scrub.ts';
import { createUnreadableItemLog } from '../lib/log/unreadable-item.ts';
import { createStore } from '../lib/store/dynamodb/store.ts';

const dependencies = lazy(() => {
  const config = readSyncConfig(process.env);
  const writeLine = scrubbingWriter(config.scrubbedAccounts, (line) => void process.stdout.write(line));
  const store = createStore({ ...config, onUnreadable: createUnreadableItemLog(writeLine) });
  return { store, region: config.region, clock: Date.now, writeLine };
});

// An error is not answered, as the HTTP functions do: it must fail the invocation, which an alarm counts.
export const handler = middy(async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
  const request = parseSyncEvent(event);
  const { store, region, clock, writeLine } = await dependencies();
  const run = await runSync(
    // Credentials of reader roles live as long as a run: each run creates its own clients.
    {
      store,
      readGroup: createIamReader({ region }),
      clock,
      remaining: () => context.getRemainingTimeInMillis(),
    },
    request,
  );
  logSyncRun(run, clock(), writeLine);
  return { id: run.id, state: run.state, written: run.written };
});
