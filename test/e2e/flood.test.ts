/** A flood of foreign tokens at one cluster, in short: the logins of another one all succeed, and it reaches neither STS nor the table. */
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { runCounted } from '../../bench/flood-load.ts';
import { startFunctions, startServe } from '../../bench/flood-targets.ts';
import type { Target } from '../../bench/flood-targets.ts';
import { webhookToken } from '../../bench/review-event.ts';
import { standInEnvironment, startStandIns } from '../fixtures/aws-stand-ins.ts';
import type { StandIns } from '../fixtures/aws-stand-ins.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

let standIns: StandIns;
beforeEach(async () => void (standIns = await startStandIns(webhookToken)));
afterEach(() => standIns.close());

test.each([
  ['countersign serve', (env: Record<string, string>): Promise<Target> => startServe(scratchFolder(), env)],
  [
    'the built function, one event at a time in each of two instances',
    (env: Record<string, string>): Promise<Target> => startFunctions(2, env),
  ],
])('a flood of foreign tokens at one cluster fails no login of another: %s', async (_, start) => {
  const target = await start(standInEnvironment(standIns));
  onTestFinished(() => target.close());
  const result = await runCounted(target.review, { foreign: 500, logins: 10 });
  expect(result).toMatchObject({ logins: 10, loginErrors: [], foreign: 500, foreignErrors: [] });
  expect(standIns.calls.get('GetCallerIdentity')).toBe(10);
  expect(standIns.calls.get('BatchGetItem')).toBe(10);
  // Each cluster was read once by each instance that met it.
  expect(standIns.calls.get('Query')).toBeLessThanOrEqual(4);
});
