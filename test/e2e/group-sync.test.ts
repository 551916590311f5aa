/** The group sync as an admin uses it: started by the admin API of `countersign dev`, and seen in the mappings that it writes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startReady, type Ready } from './dev-process.ts';

interface Run {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly dryRun: boolean;
  readonly written: number;
  readonly detail?: string;
  readonly requestedBy: string;
  readonly bindings: readonly {
    id: string;
    outcome: string;
    added: number;
    removed: number;
    detail?: string;
  }[];
}

interface Fixture {
  aws: {
    accounts: {
      id: string;
      users: object[];
      groups: { name: string; members: string[]; fault?: string }[];
    }[];
  };
  bindings: object[];
}

const account = '111122223333';
const crowd = Array.from({ length: 15 }, (_, index) => `crowd${index}`);
let scratch = '';
let file = '';
let dev: Ready;

/** Edits the file that `countersign dev` reads. */
function edit(change: (fixture: Fixture) => void): void {
  const fixture = parse(readFileSync(file, 'utf8')) as Fixture;
  change(fixture);
  writeFileSync(file, stringify(fixture));
}

const groupOf = (fixture: Fixture, name: string): Fixture['aws']['accounts'][number]['groups'][number] =>
  fixture.aws.accounts.flatMap(({ groups }) => groups).find((group) => group.name === name)!;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  file = join(scratch, 'fixture.yaml');
  writeFileSync(file, readFileSync('dev/demo.yaml'));
  edit((fixture) => {
    const [first, second] = fixture.aws.accounts;
    first!.users.push(...crowd.map((name) => ({ name })));
    first!.groups.push({ name: 'crowd', members: [...crowd] });
    second!.users.push({ name: 'bob' });
    second!.groups.push({ name: 'guests', members: ['bob'] });
    const scope = 'cluster/demo';
    fixture.bindings.push({
      id: 'crowd',
      iamGroup: `arn:aws:iam::${account}:group/crowd`,
      scope,
      groups: ['crowd'],
    });
  });
  dev = await startReady(['--fixture', file]);
});
afterAll(async () => {
  await dev.end();
  rmSync(scratch, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${dev.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
}

const start = async (request: object = {}): Promise<string> => {
  const { status, body } = await call('POST', '/v1/group-sync/runs', request);
  expect(status).toBe(202);
  return (body as { id: string }).id;
};

async function end(id: string): Promise<Run> {
  let run: Run | undefined;
  const look = async (): Promise<string> => {
    run = (await call('GET', `/v1/group-sync/runs/${id}`)).body as Run;
    return run.state;
  };
  await expect.poll(look, { timeout: 30_000 }).not.toBe('running');
  return run!;
}

const sync = async (request?: object): Promise<Run> => end(await start(request));

/** The grants of the sync on cluster demo: `crowd3: crowd`. */
async function access(): Promise<string[]> {
  const { body } = await call('GET', `/v1/mappings?scope=cluster/demo&limit=200`);
  const { items } = body as { items: { owner: string; groups: string[]; principal: { arn: string } }[] };
  return items
    .filter(({ owner }) => owner === 'group-sync')
    .map(({ principal, groups }) => `${principal.arn.split('/').at(-1)}: ${groups.join(' ')}`)
    .toSorted();
}

const all = crowd.map((name) => `${name}: crowd`).toSorted();

describe('POST /v1/group-sync/runs', () => {
  test('answers at once, with a record that changes until the run has ended', async () => {
    const id = await start({ dryRun: true });
    expect((await call('GET', `/v1/group-sync/runs/${id}`)).body).toMatchObject({ id, dryRun: true });
    expect(await end(id)).toMatchObject({ id, state: 'done', requestedBy: 'dev' });
  });

  test('reports what it would write and writes nothing if the run is a dry run', async () => {
    const run = await sync({ dryRun: true });
    expect(run).toMatchObject({ dryRun: true, written: 0 });
    expect(run.bindings.find(({ id }) => id === 'crowd')).toMatchObject({ outcome: 'ok', added: 15 });
    expect(await access()).toEqual([]);
  });

  test('reads and writes only the chosen bindings', async () => {
    const run = await sync({ bindings: ['crowd'] });
    expect(run.bindings.map(({ id }) => id)).toEqual(['crowd']);
    expect(run.written).toBe(15);
    expect(await access()).toEqual(all);
  });

  test('leaves a change record for each grant, with the run as the actor', async () => {
    const { body } = await call('GET', '/v1/changes?limit=200');
    const { items } = body as { items: { actor: string }[] };
    const [latest] = ((await call('GET', '/v1/group-sync/runs')).body as { items: Run[] }).items;
    expect(items.filter(({ actor }) => actor === `group-sync/${latest!.id}`)).toHaveLength(15);
  });

  test('runs at most once if two callers start it concurrently, and the other run names the holder', async () => {
    const ids = await Promise.all([start(), start()]);
    const runs = await Promise.all(ids.map(end));
    expect(runs.some(({ state }) => state === 'done')).toBe(true);
    for (const run of runs.filter(({ state }) => state === 'failed'))
      expect(run.detail).toContain('is in progress');
    expect((await sync()).written).toBe(0);
  });

  test('refuses an unknown binding, and answers 404 for an unknown run', async () => {
    expect(await call('POST', '/v1/group-sync/runs', { bindings: ['nobody'] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'bindings[0]' }] },
    });
    expect((await call('GET', '/v1/group-sync/runs/01KAR3R5T2QJ0D6M8W1C2V3B4N')).status).toBe(404);
  });
});

describe('a group sync over a failing IAM', () => {
  test('keeps the grants of a group that cannot be read, and syncs the others', async () => {
    edit((fixture) => {
      groupOf(fixture, 'crowd').fault = 'AccessDenied';
      groupOf(fixture, 'developers').members = ['alice'];
    });
    const run = await sync();
    expect(run.bindings.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'crowd unreadable',
      'data ok',
      'developers ok',
      'platform ok',
    ]);
    expect(await access()).toEqual(all);
  });

  test('withdraws at most a fifth of the grants of a large group unless it is forced', async () => {
    edit((fixture) => {
      delete groupOf(fixture, 'crowd').fault;
      groupOf(fixture, 'crowd').members = crowd.slice(0, 2);
    });
    expect((await sync()).bindings[0]).toMatchObject({ id: 'crowd', outcome: 'guarded', removed: 0 });
    expect(await access()).toEqual(all);
    expect((await sync({ bindings: ['crowd'], force: true })).bindings[0]).toMatchObject({ removed: 13 });
    expect(await access()).toEqual(['crowd0: crowd', 'crowd1: crowd']);
  });

  test('reports a deleted group as unreadable until its binding is deleted', async () => {
    edit((fixture) => {
      const [first] = fixture.aws.accounts;
      first!.groups = first!.groups.filter(({ name }) => name !== 'crowd');
    });
    expect((await sync()).bindings[0]).toMatchObject({
      outcome: 'unreadable',
      detail: expect.stringContaining('NoSuchEntity'),
    });
    expect((await call('DELETE', '/v1/group-bindings/crowd')).status).toBeLessThan(300);
    expect((await sync()).bindings).toContainEqual(expect.objectContaining({ id: 'crowd', removed: 2 }));
    expect(await access()).toEqual([]);
  });
});

describe('two users with one name in two accounts', () => {
  test('get one grant, and the second is refused and reported', async () => {
    const scope = 'cluster/demo';
    const username = 'guest:{{UserName}}';
    edit((fixture) => {
      groupOf(fixture, 'developers').members = ['bob'];
    });
    const bindings = {
      here: { iamGroup: `arn:aws:iam::${account}:group/developers` },
      there: {
        iamGroup: 'arn:aws:iam::444455556666:group/guests',
        readerRoleArn: 'arn:aws:iam::444455556666:role/CountersignGroupReader',
        externalId: 'countersign-demo',
      },
    };
    for (const [id, source] of Object.entries(bindings)) {
      const put = await call('PUT', `/v1/group-bindings/${id}`, { ...source, scope, username, groups: [id] });
      expect(put.status, JSON.stringify(put.body)).toBeLessThan(300);
    }
    const run = await sync({ bindings: Object.keys(bindings) });
    expect(run.bindings).toMatchObject([
      { id: 'here', outcome: 'ok', added: 1 },
      { id: 'there', outcome: 'refused', added: 0, detail: expect.stringContaining('444455556666:user/bob') },
    ]);
    expect(await access()).toEqual(['bob: here']);
  });
});
