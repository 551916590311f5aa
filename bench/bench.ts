/**
 * The benchmarks: what a cold start, a token, a review and the group sync cost. Everything is a ratio within one run on one machine, since
 * milliseconds of different machines cannot be compared. STS and DynamoDB are stand-ins on loopback. Of the group sync it counts
 * calls and writes, and holds them against the least that is possible.
 *
 * `npm run bench [-- --rounds 15]`. Exits with 1 if a limit is exceeded.
 */
import { existsSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { standInEnvironment, startStandIns } from '../test/fixtures/aws-stand-ins.ts';
import type { StandIns } from '../test/fixtures/aws-stand-ins.ts';
import { measureGroupSync } from './group-sync.ts';
import { measureProcesses } from './measure.ts';
import type { ProcessToMeasure } from './measure.ts';
import { reviewEvent, webhookToken } from './review-event.ts';
import { measureReviews } from './reviews.ts';
import { printTable } from './table.ts';
import type { Row } from './table.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const baseline = 'node -e 0';

/** Figures that we hold ourselves to. */
const limits = { coldReview: 1.75, token: 2 };

/** A script that does what Lambda does: imports the function, hands it one event, has its answer. */
const coldStart = (file: string, event: object): string => `
import { handler } from ${JSON.stringify(pathToFileURL(file).href)};
const answer = await handler(${JSON.stringify(event)});
process.exit(answer.statusCode === 200 && answer.body.includes('"alice"') ? 0 : 1);
`;

function processes(directory: string, standIns: StandIns): readonly ProcessToMeasure[] {
  const script = join(directory, 'cold.mjs');
  writeFileSync(script, coldStart('dist/functions/token-review/index.mjs', reviewEvent()), { mode: 0o600 });
  const environment = standInEnvironment(standIns);
  const cli = 'dist/cli/main.mjs';
  const token = [cli, 'token', '-i', 'demo', '--region', 'us-east-1', '--no-cache'];
  const home = { HOME: directory, USERPROFILE: directory, AWS_EC2_METADATA_DISABLED: 'true' };
  return [
    { name: baseline, args: ['-e', '0'] },
    { name: 'token-review, process start to first answer', args: [script], environment },
    ...(existsSync(cli)
      ? [
          {
            name: 'countersign token, static credentials',
            args: token,
            environment: { ...environment, ...home },
          },
        ]
      : []),
  ];
}

async function measureColdStarts(standIns: StandIns): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const times = await measureProcesses(processes(directory, standIns), Number(values.rounds));
    const base = times.get(baseline) ?? Number.NaN;
    return [...times].map(([name, time]) => ({
      name,
      time: `${time.toFixed(1)} ms`,
      ratio: time / base,
      of: baseline,
      limit: limitOf(name),
    }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function limitOf(name: string): number | undefined {
  if (name.startsWith('token-review')) return limits.coldReview;
  return name.startsWith('countersign token') ? limits.token : undefined;
}

const standIns = await startStandIns(webhookToken);
try {
  const rows = [...(await measureColdStarts(standIns)), ...(await measureReviews(standIns))];
  printTable(rows);
  const sync = await measureGroupSync();
  printTable(sync);
  if ([...rows, ...sync].some(({ ratio, limit }) => limit !== undefined && ratio > limit))
    process.exitCode = 1;
} finally {
  standIns.close();
}
