/** Admin commands over a table with damaged items: the real admin API, and the command line as a process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mappingId } from '../../lib/records/mapping.ts';
import { clusterKey, mappingKey, webhookTokenKey } from '../../lib/store/layout/keys.ts';
import { readUpTo } from '../../lib/net/read-stream.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture } from '../fixtures/admin-fixture.ts';
import { mapping, mappingRef, roleArn } from '../fixtures/records.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { damageRecord } from '../fixtures/unreadable-items.ts';
import { countersign } from './cli-process.ts';
import type { Ended } from './cli-process.ts';

const ref = mappingRef(mapping('alice'));
const id = mappingId(ref);

let fixture: AdminFixture;
let endpoint = '';
const server = createServer((request, response) => {
  void (async () => {
    const url = new URL(request.url!, 'http://localhost');
    const text = (await readUpTo(request, 1_000_000))!.toString('utf8');
    const answer = await fixture.ask({
      method: request.method!,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      ...(text === '' ? {} : { body: text }),
    });
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  })();
});
const run = (line: string, stdin = ''): Promise<Ended> =>
  countersign(line.split(' '), { env: { COUNTERSIGN_ENDPOINT: endpoint }, stdin });

const put = (path: string, body: object): Promise<unknown> => askOk(fixture, { method: 'PUT', path, body });
const post = (path: string, body?: object): Promise<{ readonly id: string }> =>
  askOk(fixture, { method: 'POST', path, ...(body === undefined ? {} : { body }) });
const mappingOf = (name: string): object => ({
  scope: 'cluster/demo',
  principal: { arn: roleArn(name) },
  username: name,
  groups: ['viewers'],
});

beforeAll(async () => {
  fixture = await createAdminFixture();
  for (const cluster of ['demo', 'green', 'blue']) await put(`/v1/clusters/${cluster}`, { partition: 'aws' });
  for (const name of ['alice', 'bob']) await post('/v1/mappings', mappingOf(name));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await damageRecord(fixture.table, clusterKey('green'));
  await damageRecord(fixture.table, mappingKey(ref));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await fixture.close();
});

describe('an admin command over a table with damaged items', () => {
  test.each([
    ['clusters list', 'cluster green', 'clusters delete green'],
    ['mappings list', `mapping ${id}`, `mappings delete ${id}`],
    [`mappings list --scope cluster/demo`, `mapping ${id}`, `mappings delete ${id}`],
    ['access -i demo', `mapping ${id}`, `mappings delete ${id}`],
  ])('%s succeeds, and names %s on stderr with the command that deletes it', async (line, name, command) => {
    const ended = await run(`${line} -o json`);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toBeInstanceOf(Array);
    expect(ended.stderr).toContain('Warning: the list is not complete: 1 item cannot be read.');
    expect(ended.stderr).toContain(`  ${name}: it is damaged`);
    expect(ended.stderr).toContain(`    countersign ${command} --force --endpoint ${endpoint}\n`);
  });

  test.each(['export', 'export --format aws-auth -i demo', 'export --format eks-access-entries -i demo'])(
    '%s prints no state, names the damaged mapping and ends with exit code 1',
    async (line) => {
      const ended = await run(line);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain(`  mapping ${id}: it is damaged`);
      expect(ended.stderr).toMatch(/\ncountersign: Nothing is exported, since \d items? cannot be read: /);
    },
  );

  test('plan and apply show the warnings of the API about damaged items', async () => {
    const file = join(scratchFolder(), 'fleet.json');
    writeFileSync(file, JSON.stringify({ mappings: [mappingOf('bob')] }));
    for (const line of [`plan -f ${file}`, `apply -f ${file} --yes`]) {
      const ended = await run(line);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout + ended.stderr).toContain(`mapping ${id} cannot be read and is left as it is`);
    }
  });

  test('delete --force deletes a damaged cluster, and delete without it is refused', async () => {
    await damageRecord(fixture.table, clusterKey('blue'));
    expect(await run('clusters delete blue --yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The cluster blue cannot be read'),
    });
    expect(await run('clusters delete blue --yes --force')).toMatchObject({ code: 0 });
    expect((await run('clusters list')).stderr).not.toContain('blue');
  });

  test('clusters tokens delete --force deletes a damaged webhook token', async () => {
    const token = await post('/v1/clusters/demo/webhook-tokens');
    await damageRecord(fixture.table, webhookTokenKey('demo', token.id));
    expect(await run(`clusters tokens delete demo ${token.id} --yes`)).toMatchObject({ code: 1 });
    expect(await run(`clusters tokens delete demo ${token.id} --yes --force`)).toMatchObject({ code: 0 });
    expect((await run('clusters tokens list demo -o json')).stdout).toBe('[]\n');
  });
});
