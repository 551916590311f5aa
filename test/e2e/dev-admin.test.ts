/** The admin API and the group sync of `countersign dev`: an edit of a group in the fixture counts in reviews after a sync. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateToken } from '../../lib/token/generate.ts';
import { script, startReady, type Ready } from './dev-process.ts';

interface Run {
  readonly state: 'running' | 'done' | 'failed';
  readonly written: number;
  readonly bindings: readonly { id: string; outcome: string; members: number; detail?: string }[];
}

let scratch = '';
let fixture = '';
let dev: Ready;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  fixture = join(scratch, 'fixture.yaml');
  writeFileSync(fixture, readFileSync('dev/demo.yaml'));
  dev = await startReady(['--fixture', fixture]);
});
afterAll(async () => {
  await dev.end();
  rmSync(scratch, { recursive: true, force: true });
});

async function admin<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${dev.url}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, path).toBeLessThan(300);
  return (await response.json()) as T;
}

async function sync(): Promise<Run> {
  const { id } = await admin<{ id: string }>('POST', '/v1/group-sync/runs', {});
  let run = await admin<Run>('GET', `/v1/group-sync/runs/${id}`);
  await expect
    .poll(
      async () => {
        run = await admin<Run>('GET', `/v1/group-sync/runs/${id}`);
        return run.state;
      },
      { timeout: 20_000 },
    )
    .not.toBe('running');
  return run;
}

/** The user's username and groups on a cluster, or the code of the refusal. */
async function enter(user: string, clusterId: string): Promise<string> {
  const credentials = {
    accessKeyId: `AKIADEMO${user.toUpperCase()}`.padEnd(19, '0').concat('1'),
    secretAccessKey: `demo-secret-${user}`,
  };
  const { token } = generateToken({ clusterId, region: 'us-east-1', credentials, now: Date.now() });
  const response = await fetch(`${dev.url}/v1/clusters/${clusterId}/tokenreviews`, {
    method: 'POST',
    headers: {
      authorization: `Bearer demo-webhook-token-of-${clusterId}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
  });
  const { status } = (await response.json()) as {
    status: { error?: string; user?: { username: string; groups: string[] } };
  };
  return status.user === undefined
    ? (status.error ?? '').split(':', 1)[0]!
    : `${status.user.username} ${status.user.groups.join(' ')}`;
}

const edit = (from: string, to: string): void => {
  const text = readFileSync(fixture, 'utf8');
  expect(text).toContain(from);
  writeFileSync(fixture, text.replace(from, to));
};

describe('the admin API of countersign dev', () => {
  test('is open, and records dev as the actor of changes', async () => {
    expect(await admin('GET', '/v1/info')).toMatchObject({ role: 'admin', reviewEndpoint: dev.url });
    const set = await admin<{ updatedBy: string }>('PUT', '/v1/sets/canary', {});
    expect(set.updatedBy).toBe('dev');
    const { items } = await admin<{ items: { actor: string }[] }>('GET', '/v1/changes?target=set/canary');
    expect(items[0]?.actor).toBe('dev');
  });

  test('has the records of the fixture with their changes', async () => {
    const { items } = await admin<{ items: { id: string }[] }>('GET', '/v1/clusters');
    expect(items.map(({ id }) => id)).toStrictEqual(['demo', 'prod-eu', 'prod-us', 'staging']);
    const changes = await admin<{ items: object[] }>('GET', '/v1/changes?target=cluster/demo');
    expect(changes.items).toMatchObject([{ actor: 'dev', action: 'create', version: 1 }]);
  });

  test('answers the command line at COUNTERSIGN_ENDPOINT', () => {
    const printed = execFileSync(process.execPath, [script, 'sets', 'list', '-o', 'json'], {
      encoding: 'utf8',
      env: { ...process.env, COUNTERSIGN_ENDPOINT: dev.url },
    });
    expect(printed).toContain('development');
  });
});

describe('the group sync of countersign dev, over the stand-in for IAM', () => {
  test('reads every page of every group, in both accounts', async () => {
    expect(await enter('bob', 'staging')).toBe('principal_not_mapped');
    const run = await sync();
    expect(run.bindings.map(({ id, outcome, members }) => [id, outcome, members])).toStrictEqual([
      ['data', 'ok', 2],
      ['developers', 'ok', 3],
      ['platform', 'ok', 1],
    ]);
    expect(await enter('bob', 'staging')).toBe('aws:111122223333:bob developers');
    expect(await enter('carol', 'prod-eu')).toBe('aws:111122223333:carol platform');
    expect(await enter('erin', 'staging')).toBe('aws:444455556666:erin data-engineers');
  });

  test('writes nothing in a second run', async () => {
    expect((await sync()).written).toBe(0);
  });

  test('applies an edit of the fixture in the next run', async () => {
    edit('members: [alice, bob, dave]', 'members: [alice, dave, mallory]');
    await sync();
    expect(await enter('bob', 'staging')).toBe('principal_not_mapped');
    expect(await enter('mallory', 'staging')).toBe('aws:111122223333:mallory developers');
  });

  test('keeps the grants of a group that cannot be read', async () => {
    edit('members: [carol]', 'members: []\n          fault: AccessDenied');
    const run = await sync();
    expect(run.bindings.find(({ id }) => id === 'platform')?.outcome).toBe('unreadable');
    expect(await enter('carol', 'prod-eu')).toBe('aws:111122223333:carol platform');
  });

  test('does not override a denial of a group member', async () => {
    expect(await enter('dave', 'staging')).toBe('principal_denied');
  });
});
