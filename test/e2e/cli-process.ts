/** Runs the built command line as a process, with nothing of this machine's environment but the path. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';
import { capture } from '../fixtures/capture.ts';
import { scratchFolder } from '../fixtures/scratch.ts';

/** `npm test` builds it first. */
export const cliScript = process.env['COUNTERSIGN_TEST_CLI'] ?? 'dist/cli/main.mjs';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** stdout is a token or holds one, which is what the command is for: it is not captured. */
  readonly printsToken?: boolean;
  readonly cwd?: string;
}

const homes = new Map<string | undefined, string>();

/** One for each test file: what a command leaves in its cache is there for the next one. */
function homeOfTestFile(): string {
  const { testPath } = expect.getState();
  const home = homes.get(testPath) ?? scratchFolder();
  homes.set(testPath, home);
  return home;
}

/** No credentials, no region, no endpoint, no instance metadata, and a home of its own. */
function bareEnvironment(): Record<string, string> {
  const home = homeOfTestFile();
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {}),
  };
}

/** alice of dev/demo.yaml. */
export const alice = {
  AWS_ACCESS_KEY_ID: 'AKIADEMOALICE0000001',
  AWS_SECRET_ACCESS_KEY: 'demo-secret-alice',
} as const;

export async function countersign(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(process.cwd(), cliScript), ...args], {
    env: { ...bareEnvironment(), ...options.env },
    cwd: options.cwd ?? process.cwd(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that reads no stdin may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  if (options.printsToken !== true) capture(stdout);
  capture(stderr);
  return { code, stdout, stderr };
}

/** A failure as a user should meet it: nothing on stdout, one sentence and no stack on stderr. */
export const oneSentence = /^countersign: [^\n]+\n$/;

export interface Dev {
  readonly url: string;
  readonly awsUrl: string;
  /** alice with both addresses. */
  readonly env: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
}

/** `countersign dev` on free ports, with the demo data where `args` name no other. */
export async function startDev(args: readonly string[] = []): Promise<Dev> {
  const child = spawn(process.execPath, [cliScript, 'dev', '--port', '0', ...args], {
    env: { ...bareEnvironment(), HOME: scratchFolder() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'close');
  const [url, awsUrl] = await new Promise<[string, string]>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const ready = /ready at (\S+)\n/.exec(stdout)?.[1];
      const aws = /AWS_ENDPOINT_URL=(\S+)\n/.exec(stdout)?.[1];
      if (ready !== undefined && aws !== undefined) resolve([ready, aws]);
    });
    void exited.then(() => reject(new Error(`countersign dev has ended: ${stderr}`)));
  });
  return {
    url,
    awsUrl,
    env: { ...alice, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: awsUrl, COUNTERSIGN_ENDPOINT: url },
    async end() {
      child.kill('SIGTERM');
      await exited;
      // What it prints to be pasted holds the demo's keys on purpose.
      capture(stderr);
    },
  };
}
