/**
 * The flood: 2,000 foreign tokens a second at one cluster, beside the logins of another one, on `countersign serve` and on the built
 * function. Prints what the logins cost with and without it; exits with 1 if a login failed or the flood reached STS or the mappings.
 *
 * `npm run flood [-- --seconds 30 --rate 2000 --logins 20 --instances 2]`. STS and DynamoDB are stand-ins
 * in the process that sends the flood: on a machine without two idle processors, it is they that do not answer in time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { standInEnvironment, startStandIns } from '../test/fixtures/aws-stand-ins.ts';
import type { StandIns } from '../test/fixtures/aws-stand-ins.ts';
import { percentile, runFlood } from './flood-load.ts';
import { startFunctions, startServe } from './flood-targets.ts';
import type { Target } from './flood-targets.ts';
import { webhookToken } from './review-event.ts';

const { values } = parseArgs({
  // The first argument chooses this script.
  args: process.argv.slice(3),
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '2000' },
    logins: { type: 'string', default: '20' },
    instances: { type: 'string', default: '2' },
  },
});

async function measure(name: string, target: Target, { calls }: StandIns): Promise<boolean> {
  let isGood = true;
  for (const flood of [0, Number(values.rate)]) {
    calls.clear();
    const seconds = Number(values.seconds);
    const result = await runFlood(target.review, { seconds, flood, logins: Number(values.logins) });
    const { logins, loginErrors, foreign, foreignErrors, latencies } = result;
    const asked = (calls.get('GetCallerIdentity') ?? 0) - logins;
    const read = (calls.get('BatchGetItem') ?? 0) - logins;
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share).toFixed(1));
    console.log(
      `${name}: ${foreign} foreign tokens in ${seconds} s (${foreignErrors.length} errors, ${asked} questions to STS, ${read} reads of mappings); ` +
        `${logins} logins beside them: ${loginErrors.length} errors, p50 ${p50} ms, p99 ${p99} ms`,
    );
    const kinds = new Set(
      [...loginErrors, ...foreignErrors].map((error) => error.replace(/ \(decision .*/s, '')),
    );
    for (const kind of [...kinds].slice(0, 5)) console.log(`  ${kind}`);
    isGood &&= loginErrors.length === 0 && asked <= 0 && read <= 0;
  }
  await target.close();
  return isGood;
}

const directory = mkdtempSync(join(tmpdir(), 'countersign-flood-'));
const standIns = await startStandIns(webhookToken);
try {
  console.log(`${cpus().length} processors, Node.js ${process.versions.node}`);
  const environment = { ...standInEnvironment(standIns), COUNTERSIGN_LOG_LEVEL: 'error' };
  const instances = Number(values.instances);
  const results = [
    await measure('countersign serve', await startServe(directory, environment), standIns),
    await measure('the function, 1 instance', await startFunctions(1, environment), standIns),
    await measure(
      `the function, ${instances} instances`,
      await startFunctions(instances, environment),
      standIns,
    ),
  ];
  if (results.includes(false)) process.exitCode = 1;
} finally {
  standIns.close();
  rmSync(directory, { recursive: true, force: true });
}
