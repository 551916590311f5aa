import { instructions, instructionsForAws } from '../../../dev/server/instructions.ts';
import { startDev, type DevOptions, type RunningDev } from '../../../dev/server/start.ts';
import { exitCodes, failure, wrongUsage } from '../../exit.ts';
import type { Input } from '../../input.ts';
import type { Run } from '../../spec.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** Fewer records load too fast for a progress line. */
const manyRecords = 1000;
/** After this time the process exits, even if a closed server still has connections. */
const patienceMilliseconds = 1500;

/** Serves until Ctrl-C or SIGTERM. */
export const run: Run = async ({ input, terminal, env, now }) => {
  const progress = terminal.progress('Loading the fixture');
  const running = await startDev(devOptions(input), {
    env,
    clock: now,
    print: (line) => terminal.say(line),
    onProgress: (done, total) => {
      if (total >= manyRecords) progress.update(`${done} of ${total} records`);
    },
  });
  progress.end();
  const ended = untilEnd(env);
  greet(running, terminal);
  await ended;
  setTimeout(() => process.exit(exitCodes.done), patienceMilliseconds).unref();
  await running.close();
  return exitCodes.done;
};

const ports = { min: 0, max: 65_535 };

function devOptions(input: Input): DevOptions {
  if (input.text('data') !== undefined && input.text('dynamodbEndpoint') !== undefined) {
    throw wrongUsage('--data is the folder of the embedded table: leave it out with --dynamodb-endpoint.');
  }
  return {
    port: input.integer('port', ports) ?? 8080,
    awsPort: input.integer('awsPort', ports) ?? 0,
    dataDirectory: input.text('data'),
    fixture: input.text('fixture'),
    sts: input.text('sts') === 'aws' ? 'aws' : 'local',
    dynamodbEndpoint: input.text('dynamodbEndpoint'),
  };
}

function greet({ url, awsUrl, fixture, login, loggedIn }: RunningDev, terminal: Terminal): void {
  const [, script] = process.argv;
  if (script === undefined) throw failure('The path of this script is not known.');
  const addresses = { url, script, directory: process.cwd() };
  const isLocal = awsUrl !== undefined && login !== undefined;
  const lines = [
    `Countersign is ready at ${url}`,
    loggedIn ??
      (awsUrl === undefined ? 'Tokens are verified by AWS STS.' : 'The fixture lets no user with a key in.'),
    '',
    ...(isLocal ? instructions(fixture, login, { ...addresses, awsUrl }) : instructionsForAws(addresses)),
    '',
  ];
  terminal.data(`${lines.join('\n')}\n`);
}

/** How often to check whether npm is still the parent. */
const parentMilliseconds = 250;

/**
 * Until Ctrl-C or SIGTERM. A SIGTERM to `npm start` ends npm and its shell and never comes here, so under npm the end
 * of the parent counts too. Otherwise the process outlives its parent (nohup, a closed shell).
 */
const untilEnd = (env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    if (env['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      resolve();
    }, parentMilliseconds);
    watch.unref();
  });
