/** A webhook token is created only for files that can be written, and does not outlive a file that could not be. */
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run as runCreate } from '../../../cli/commands/clusters/tokens/create.ts';
import { run as runInit } from '../../../cli/commands/init/init.ts';
import { createInput } from '../../../cli/input.ts';
import type { Run } from '../../../cli/spec.ts';
import { adminContext, answering } from '../../fixtures/admin-server.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const tokenId = '01J00000000000000000000000';

/** An admin API: what it was asked to change, and what it does when it creates a token. */
async function adminApi(onCreate: () => void = () => {}, deleteStatus = 204) {
  const changes: string[] = [];
  const endpoint = await answering((request, response) => {
    const { method, url = '' } = request;
    if (method !== 'GET') changes.push(`${method} ${url.replace('/v1/clusters/', '')}`);
    if (method === 'POST') onCreate();
    if (method === 'DELETE') return void response.writeHead(deleteStatus).end();
    response.end(JSON.stringify({ id: tokenId, token: 'cswt_example' }));
  });
  return { endpoint, changes };
}

interface Attempt {
  readonly name: string;
  readonly run: Run;
  readonly options: (file: string) => Record<string, string>;
  readonly positionals: readonly string[];
}

const attempts: readonly Attempt[] = [
  { name: 'init --output', run: runInit, options: (output) => ({ output }), positionals: [] },
  {
    name: 'init --token-file',
    run: runInit,
    options: (tokenFile) => ({ tokenFile, output: join(scratchFolder(), 'w.yaml') }),
    positionals: [],
  },
  {
    name: 'init --format',
    run: runInit,
    options: (output) => ({ output, format: 'kops' }),
    positionals: [],
  },
  {
    name: 'clusters tokens create --token-file',
    run: runCreate,
    options: (tokenFile) => ({ tokenFile }),
    positionals: ['demo'],
  },
];
const table = attempts.map((attempt) => [attempt.name, attempt] as const);

async function failureOf(
  { run, options, positionals }: Attempt,
  file: string,
  endpoint: string,
): Promise<unknown> {
  const given = {
    clusterId: 'demo',
    reviewEndpoint: 'https://reviews.example.com',
    ...options(file),
    endpoint,
  };
  const context = { ...adminContext({}), input: createInput(given, positionals), now: Date.now };
  return run(context).catch((error: unknown) => error);
}

describe('a webhook token', () => {
  test.each(table)('is not created if the folder of its file does not exist: %s', async (_, attempt) => {
    const { endpoint, changes } = await adminApi();
    const file = join(scratchFolder(), 'none', 'file');
    expect(await failureOf(attempt, file, endpoint)).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /none.* cannot be written \(ENOENT\): check its folder and permissions\.$/,
      ),
    });
    expect(changes).toEqual([]);
  });

  test.each(table.filter(([name]) => name !== 'init --format'))(
    'is not created if its file is a folder: %s',
    async (_, attempt) => {
      const { endpoint, changes } = await adminApi();
      const file = join(scratchFolder(), 'folder');
      mkdirSync(file);
      expect(String(await failureOf(attempt, file, endpoint))).toContain(
        'cannot be written (it is a folder)',
      );
      expect(changes).toEqual([]);
    },
  );

  test.each(table)('is deleted again if its file cannot be written after all: %s', async (_, attempt) => {
    const folder = join(scratchFolder(), 'folder');
    mkdirSync(folder);
    const { endpoint, changes } = await adminApi(() => rmSync(folder, { recursive: true }));
    const error = await failureOf(attempt, join(folder, 'file'), endpoint);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /cannot be written \(ENOENT\): .* The new webhook token was deleted again\.$/,
      ),
    });
    expect(changes).toEqual(['POST demo/webhook-tokens', `DELETE demo/webhook-tokens/${tokenId}`]);
  });

  test('that cannot be deleted again is named with the command that deletes it', async () => {
    const folder = join(scratchFolder(), 'folder');
    mkdirSync(folder);
    const { endpoint } = await adminApi(() => rmSync(folder, { recursive: true }), 503);
    const error = await failureOf(attempts[0]!, join(folder, 'file'), endpoint);
    expect(String(error)).toMatch(
      new RegExp(`in no use: countersign clusters tokens delete demo ${tokenId}$`),
    );
  });

  test('is in the file, and no other file is left, if all goes well', async () => {
    const { endpoint, changes } = await adminApi();
    const folder = scratchFolder();
    expect(await failureOf(attempts[0]!, join(folder, 'w.yaml'), endpoint)).toBe(0);
    expect(readdirSync(folder)).toEqual(['w.yaml']);
    expect(readFileSync(join(folder, 'w.yaml'), 'utf8')).toContain('cswt_example');
    expect(changes).toEqual(['POST demo/webhook-tokens']);
  });

  test('is not created if two files of init would be the same', async () => {
    const { endpoint, changes } = await adminApi();
    const file = join(scratchFolder(), 'same');
    const same: Attempt = { ...attempts[0]!, options: () => ({ output: file, tokenFile: file }) };
    expect(await failureOf(same, file, endpoint)).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /^Two files would be written to .*: give --output and --token-file other names\.$/,
      ),
    });
    expect(changes).toEqual([]);
  });
});
