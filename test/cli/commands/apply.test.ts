/** Long work of the command line goes on call after call, and stops where nothing moves. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { run as apply } from '../../../cli/commands/apply/apply.ts';
import { run as syncRun } from '../../../cli/commands/sync/run.ts';
import { run as deleteCluster } from '../../../cli/commands/clusters/delete.ts';
import { createInput } from '../../../cli/input.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Gives the answers in turn, and the last one for ever. */
async function answering(answers: readonly object[]): Promise<{ endpoint: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      seen.push({
        method: request.method!,
        url: request.url!,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      });
      response.end(JSON.stringify(answers[Math.min(seen.length, answers.length) - 1]));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const context = (options: Record<string, unknown>, positionals: string[] = []) => ({
  input: createInput(options, positionals),
  terminal: quietTerminal(),
  env: {},
  now: Date.now,
});

const plan = {
  fingerprint: 'one',
  creates: [{ target: 'set/a' }, { target: 'set/b' }, { target: 'set/c' }],
  updates: [],
  deletes: [],
  unchanged: 0,
  warnings: [],
};
const applyAll = (endpoint: string) => {
  const around = context({ endpoint, file: 'package.json', yes: true });
  return { around, ended: apply(around) };
};

describe('countersign apply', () => {
  test('repeats the call with the returned fingerprint until nothing is pending', async () => {
    const { endpoint, seen } = await answering([
      plan,
      { applied: ['set/a', 'set/b'], failed: [], pending: 1, fingerprint: 'two' },
      { applied: ['set/c'], failed: [], pending: 0, fingerprint: 'three' },
    ]);
    const { around, ended } = applyAll(endpoint);
    expect(await ended).toBe(0);
    expect(seen.map(({ body }) => (body as { fingerprint?: string }).fingerprint)).toEqual([
      undefined,
      'one',
      'two',
    ]);
    expect(around.terminal.said.at(-1)).toBe('Applied 3 of 3.');
  });

  test('reports each failed write and exits with an error', async () => {
    const failed = [{ target: 'set/b', code: 'write_conflict', detail: 'It has changed.' }];
    const { endpoint } = await answering([
      plan,
      { applied: ['set/a'], failed, pending: 0, fingerprint: 'x' },
    ]);
    const { around, ended } = applyAll(endpoint);
    await expect(ended).rejects.toThrow(/1 of 3 changes failed/);
    expect(around.terminal.said).toContain('Failed: set/b: It has changed.');
  });

  test('stops if a call makes no progress', async () => {
    const { endpoint, seen } = await answering([
      plan,
      { applied: [], failed: [], pending: 3, fingerprint: 'one' },
    ]);
    await expect(applyAll(endpoint).ended).rejects.toThrow(/stopped making progress/);
    expect(seen).toHaveLength(2);
  });
});

describe('countersign sync run', () => {
  test('names the command that shows a run if the run outlasts the wait', async () => {
    const { endpoint } = await answering([{ id: 'RUN' }, { id: 'RUN', state: 'running' }]);
    await expect(syncRun(context({ endpoint, wait: true, timeout: '1' }))).rejects.toThrow(
      /countersign sync show RUN/,
    );
  });

  test('exits with an error if a binding needs attention', async () => {
    const bindings = [
      { id: 'a', outcome: 'ok' },
      { id: 'b', outcome: 'guarded', detail: 'x' },
    ];
    const { endpoint } = await answering([{ id: 'RUN' }, { id: 'RUN', state: 'done', bindings }]);
    expect(await syncRun(context({ endpoint, wait: true }))).toBe(1);
  });
});

describe('countersign clusters delete --force', () => {
  test('repeats the call until all mappings of the cluster are deleted', async () => {
    const { endpoint, seen } = await answering([
      { mappingsDeleted: 500, pending: true },
      { mappingsDeleted: 3, pending: true },
      {},
    ]);
    expect(await deleteCluster(context({ endpoint, yes: true, force: true }, ['big']))).toBe(0);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array.from({ length: 3 }, () => 'DELETE /v1/clusters/big?force=true'),
    );
  });
});
