/** Runs admin commands as processes against a `countersign dev` of the test file. */
import { afterAll, beforeAll, expect } from 'vitest';
import { countersign, startDev } from './cli-process.ts';
import type { Dev, Ended, RunOptions } from './cli-process.ts';

export const aliceArn = 'arn:aws:iam::111122223333:user/alice';

export interface AdminCommands {
  /** The running `countersign dev`; only inside of tests and hooks. */
  readonly dev: () => Dev;
  /** Runs one command line, split at spaces. */
  readonly run: (line: string, options?: RunOptions) => Promise<Ended>;
  /** The same, and expects exit code 0. */
  readonly done: (line: string, options?: RunOptions) => Promise<Ended>;
  /** The parsed output of the command with `-o json`. */
  readonly json: (line: string) => Promise<unknown>;
}

/** Starts `countersign dev` before the tests of the file, and ends it after them. */
export function adminCommands(): AdminCommands {
  let dev: Dev;
  beforeAll(async () => {
    dev = await startDev();
  });
  afterAll(() => dev.end());
  const run: AdminCommands['run'] = (line, options = {}) =>
    countersign(line.split(' '), { ...options, env: { ...dev.env, ...options.env } });
  const done: AdminCommands['done'] = async (line, options) => {
    const ended = await run(line, options);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    return ended;
  };
  return {
    dev: () => dev,
    run,
    done,
    json: async (line) => JSON.parse((await done(`${line} -o json`)).stdout),
  };
}
