/** A cluster from `init` to `clusters delete`. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../fixtures/scratch.ts';
import { adminCommands } from './cli-admin-dev.ts';
import { countersign } from './cli-process.ts';

const { dev, run, done, json } = adminCommands();

describe('the life of a cluster', () => {
  const folder = scratchFolder();
  const kubeconfig = join(folder, 'webhook.yaml');
  const tokenFile = join(folder, 'token');

  test('init registers a cluster and writes the webhook kubeconfig', async () => {
    const { stdout, stderr } = await done(`init -i edge --set prod --output ${kubeconfig}`);
    expect(stdout).toContain(`--authentication-token-webhook-config-file=${kubeconfig}\n`);
    expect(stdout).toContain('--authentication-token-webhook-version=v1\n');
    expect(stderr).toContain('Registered cluster edge');
    const written = parse(readFileSync(kubeconfig, 'utf8')) as {
      clusters: [{ cluster: { server: string } }];
    };
    expect(written.clusters[0].cluster.server).toBe(`${dev().url}/v1/clusters/edge/tokenreviews`);
    expect(await json('clusters get edge')).toMatchObject({ id: 'edge', sets: ['prod'], version: 1 });
  });

  test.skipIf(process.platform === 'win32')(
    'init writes the webhook kubeconfig readable by its owner only',
    () => {
      expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
    },
  );

  test('a second init creates another webhook token, in a separate file', async () => {
    const { stderr } = await done(`init -i edge --output ${kubeconfig} --token-file ${tokenFile}`);
    expect(stderr).toContain('Cluster edge was registered already');
    expect(readFileSync(tokenFile, 'utf8')).toMatch(/^cswt_[\w-]{43}\n$/);
    expect(parse(readFileSync(kubeconfig, 'utf8'))).toMatchObject({ users: [{ user: { tokenFile } }] });
    expect(await json('clusters tokens list edge')).toHaveLength(2);
  });

  test('a review accepts the webhook token that init has written', async () => {
    const token = await countersign(['token', '-i', 'edge', '--token-only'], {
      env: dev().env,
      printsToken: true,
    });
    const response = await fetch(`${dev().url}/v1/clusters/edge/tokenreviews`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token: token.stdout.trim() },
      }),
    });
    expect(await response.json()).toMatchObject({
      status: { authenticated: false, error: expect.stringMatching(/^principal_not_mapped/) },
    });
  });

  test('a webhook token is rotated by clusters tokens create and delete', async () => {
    const made = await done(`clusters tokens create edge --token-file ${tokenFile}`);
    const [first] = (await json('clusters tokens list edge')) as [{ id: string }];
    expect(made.stdout).toMatch(/^\w{26}\n$/);
    await done(`clusters tokens delete edge ${first.id} --yes`);
    expect(await json('clusters tokens list edge')).toHaveLength(2);
  });

  test.each(['static', 'kubeadm', 'kops', 'kops-s3'])(
    'init --format %s writes every file that it names',
    async (format) => {
      const into = scratchFolder();
      const { stderr } = await done(
        `init -i edge --format ${format} --output ${join(into, 'w.yaml')} --token-file ${join(into, 't')}`,
      );
      for (const [, file] of stderr.matchAll(/^(\/\S+|[A-Z]:\S+): /gm))
        expect(readFileSync(file!, 'utf8')).not.toBe('');
    },
  );

  test('apply registers the cluster record that init --offline prints', async () => {
    const ended = await countersign([
      'init',
      '-i',
      'island',
      '--offline',
      '--review-endpoint',
      'https://reviews.example.com',
      '--output',
      join(folder, 'island.yaml'),
    ]);
    expect(ended.code).toBe(0);
    const state = parse(ended.stdout) as { clusters: [object] };
    expect(state.clusters).toMatchObject([
      { id: 'island', webhookTokenHashes: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)] },
    ]);
    const all = parse((await done('export')).stdout) as { clusters: object[] };
    const file = join(folder, 'fleet.yaml');
    writeFileSync(file, JSON.stringify({ clusters: [...all.clusters, ...state.clusters] }));
    expect((await done(`apply -f ${file} --yes`)).stdout).toContain('2 to create, 0 to change, 0 to delete');
    expect(await json('clusters tokens list island')).toHaveLength(1);
  });

  test('clusters put changes the given fields and keeps the others', async () => {
    await done('clusters put edge --description here');
    expect(await json('clusters get edge')).toMatchObject({ description: 'here', sets: ['prod'] });
    expect((await done('clusters put edge --disable --dry-run --force')).stderr).toContain(
      'Nothing was written',
    );
    expect(await json('clusters get edge')).not.toHaveProperty('disabled');
  });

  test('clusters delete needs --force if the cluster has mappings', async () => {
    await done(
      'mappings put --scope cluster/edge --arn arn:aws:iam::111122223333:user/bob --username bob --group developers',
    );
    expect((await run('clusters delete edge --yes')).stderr).toContain('(not_empty)');
    expect((await done('clusters delete edge --yes --force')).stderr).toBe('Deleted cluster edge.\n');
    expect((await run('clusters get edge')).stderr).toBe('countersign: There is no cluster edge.\n');
  });
});
