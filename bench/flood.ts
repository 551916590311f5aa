/**
 * The flood: 2,000 foreign tokens a second at one cluster, beside the logins of another one, on `countersign serve` and on the built
 * function. Prints what the logins cost with and without it; exits with 1 if a login failed or the flood reached STS or the mappings.
 *
 * `npm run flood [-- --seconds 30 --rate 2000 --logins 20 --instances 2]`. The stand-ins for STS and DynamoDB have a process of
 * their own; so has the sender of the flood at `serve`. The function's instances are threads, fed by this process.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { standInEnvironment } from '../test/fixtures/aws-stand-ins.ts';
import type { Order, Report } from './flood-child.ts';
import { percentile, runFlood } from './flood-load.ts';
import type { FloodResult } from './flood-load.ts';
import { startFunctions, startServe } from './flood-targets.ts';
import type { ServeAddress, Target } from './flood-targets.ts';

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

const startChild = (): ChildProcess => fork(join(import.meta.dirname, 'flood-child.mjs'));

/** @throws Error if the child ends, or answers something else */
async function order<K extends Order['kind']>(
  child: ChildProcess,
  sent: Order & { readonly kind: K },
): Promise<Report & { readonly kind: K }> {
  const isAnswer = (report: Report): report is Report & { readonly kind: K } => report.kind === sent.kind;
  const answered = new Promise<Report>((done, reject) => {
    child.once('message', (report: Report) => done(report));
    child.once('exit', (code) => reject(new Error(`A process of the flood ended with ${String(code)}.`)));
  });
  child.send(sent);
  const report = await answered;
  if (!isAnswer(report)) throw new Error(`A process of the flood answered ${report.kind} to ${sent.kind}.`);
  return report;
}

/** Logins from here; the flood from the sender's process where the target has an address. */
async function run(target: Target & { readonly address?: ServeAddress }, rate: number): Promise<FloodResult> {
  const seconds = Number(values.seconds);
  const logins = Number(values.logins);
  if (target.address === undefined) return runFlood(target.review, { seconds, flood: rate, logins });
  const [{ result }, own] = await Promise.all([
    order(sender, { kind: 'flood', address: target.address, rate, seconds }),
    runFlood(target.review, { seconds, flood: 0, logins }),
  ]);
  const { foreign, foreignErrors, sentBySecond } = result;
  return { ...own, foreign, foreignErrors, sentBySecond };
}

async function measure(name: string, target: Target & { readonly address?: ServeAddress }): Promise<boolean> {
  let isGood = true;
  const seconds = Number(values.seconds);
  for (const flood of [0, Number(values.rate)]) {
    await order(standIns, { kind: 'take' });
    const result = await run(target, flood);
    const { calls } = await order(standIns, { kind: 'take' });
    const { logins, loginErrors, foreign, foreignErrors, latencies, sentBySecond } = result;
    const asked = (calls['GetCallerIdentity'] ?? 0) - logins;
    const read = (calls['BatchGetItem'] ?? 0) - logins;
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share).toFixed(1));
    console.log(
      `${name}: ${foreign} foreign tokens in ${seconds} s (${foreignErrors.length} errors, ${asked} questions to STS, ${read} reads of mappings); ` +
        `${logins} logins beside them: ${loginErrors.length} errors, p50 ${p50} ms, p99 ${p99} ms`,
    );
    if (foreign > 0)
      console.log(
        `  sent in each second: ${sentBySecond.join(' ')}; load average ${loadavg()
          .map((load) => load.toFixed(1))
          .join(' ')}`,
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
const [standIns, sender] = [startChild(), startChild()];
try {
  console.log(`${cpus().length} processors, Node.js ${process.versions.node}`);
  const environment = {
    ...standInEnvironment(await order(standIns, { kind: 'stand-ins' })),
    COUNTERSIGN_LOG_LEVEL: 'error',
  };
  const instances = Number(values.instances);
  const results = [
    await measure('countersign serve', await startServe(directory, environment)),
    await measure('the function, 1 instance', await startFunctions(1, environment)),
    await measure(`the function, ${instances} instances`, await startFunctions(instances, environment)),
  ];
  if (results.includes(false)) process.exitCode = 1;
} finally {
  for (const child of [standIns, sender]) child.disconnect();
  rmSync(directory, { recursive: true, force: true });
}
