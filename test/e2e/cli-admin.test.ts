/** The commands of platform teams, as processes against `countersign dev`: what they print, say and answer. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tree } from '../../cli/tree.ts';
import { allCommands } from '../fixtures/cli-commands.ts';
import { exampleWords } from '../fixtures/cli-terminal.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { countersign, oneSentence, startDev } from './cli-process.ts';
import type { Dev, Ended, RunOptions } from './cli-process.ts';

let dev: Dev;
beforeAll(async () => {
  dev = await startDev();
});
afterAll(() => dev.end());

const run = (line: string, options: RunOptions = {}): Promise<Ended> =>
  countersign(line.split(' '), { ...options, env: { ...dev.env, ...options.env } });

const done = async (line: string, options: RunOptions = {}): Promise<Ended> => {
  const ended = await run(line, options);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
};

const json = async (line: string): Promise<unknown> => JSON.parse((await done(`${line} -o json`)).stdout);

const aliceArn = 'arn:aws:iam::111122223333:user/alice';
const mallory = 'arn:aws:iam::111122223333:user/mallory';

describe('lists', () => {
  it.each([
    ['clusters list', /^ID +STATE +SETS/, 'id'],
    ['sets list', /^NAME +UPDATED/, 'name'],
    ['mappings list', /^SCOPE +PRINCIPAL/, 'principalKey'],
    ['mappings list --scope cluster/demo', /^SCOPE +PRINCIPAL/, 'principalKey'],
    [`mappings list --arn ${aliceArn}`, /^SCOPE +PRINCIPAL/, 'principalKey'],
    [
      'mappings list --permission-set PlatformAdmin --account 111122223333',
      /^SCOPE +PRINCIPAL/,
      'principalKey',
    ],
    ['denials list', /^WHO +SESSION/, 'reason'],
    ['bindings list', /^ID +IAM GROUP/, 'iamGroup'],
    ['changes list --limit 3', /^AT +ACTION/, 'target'],
    ['changes list --since 1h', /^AT +ACTION/, 'target'],
    ['clusters tokens list demo', /^ID +CREATED/, 'id'],
    ['access -i demo', /^CLUSTER +PRINCIPAL/, 'clusterId'],
    [`access --arn ${aliceArn}`, /^CLUSTER +PRINCIPAL/, 'clusterId'],
  ])('prints a table and JSON that say the same: %s', async (line, header, field) => {
    const [asTable, asJson] = await Promise.all([done(line), done(`${line} -o json`)]);
    const items = JSON.parse(asJson.stdout) as Record<string, unknown>[];
    expect(asTable.stdout).toMatch(header);
    expect(asTable.stdout.trimEnd().split('\n')).toHaveLength(items.length + 1);
    expect(items.every((item) => item[field] !== undefined)).toBe(true);
  });

  it('prints YAML that says what JSON says', async () => {
    expect(parse((await done('mappings list -o yaml')).stdout)).toEqual(await json('mappings list'));
  });

  it('prints CSV for the auditor', async () => {
    const { stdout } = await done('access -i demo -o csv');
    expect(stdout).toMatch(/^cluster,principal,username,groups,denied,granted by\r\n/);
    expect(stdout).toContain(`demo,${aliceArn},alice,developers,,`);
  });

  it('says on stderr that a list is empty', async () => {
    expect(await done('mappings list --scope cluster/prod-us')).toMatchObject({
      stdout: '',
      stderr: 'There are no such mappings.\n',
    });
  });
});

describe('the way of a cluster', () => {
  const folder = scratchFolder();
  const kubeconfig = join(folder, 'webhook.yaml');
  const tokenFile = join(folder, 'token');

  it('is registered by init, which writes what its apiserver needs', async () => {
    const { stdout, stderr } = await done(`init -i edge --set prod --output ${kubeconfig}`);
    expect(stdout).toContain(`--authentication-token-webhook-config-file=${kubeconfig}\n`);
    expect(stdout).toContain('--authentication-token-webhook-version=v1\n');
    expect(stderr).toContain('Registered cluster edge');
    const written = parse(readFileSync(kubeconfig, 'utf8')) as {
      clusters: [{ cluster: { server: string } }];
    };
    expect(written.clusters[0].cluster.server).toBe(`${dev.url}/v1/clusters/edge/tokenreviews`);
    expect(await json('clusters get edge')).toMatchObject({ id: 'edge', sets: ['prod'], version: 1 });
  });

  it.skipIf(process.platform === 'win32')('keeps the webhook token to itself', () => {
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
  });

  it('gets another token by a second init, in a file of its own', async () => {
    const { stderr } = await done(`init -i edge --output ${kubeconfig} --token-file ${tokenFile}`);
    expect(stderr).toContain('Cluster edge was registered already');
    expect(readFileSync(tokenFile, 'utf8')).toMatch(/^cswt_[\w-]{43}\n$/);
    expect(parse(readFileSync(kubeconfig, 'utf8'))).toMatchObject({ users: [{ user: { tokenFile } }] });
    expect(await json('clusters tokens list edge')).toHaveLength(2);
  });

  it('is asked about with the token that init has written', async () => {
    const token = await countersign(['token', '-i', 'edge', '--token-only'], {
      env: dev.env,
      printsToken: true,
    });
    const response = await fetch(`${dev.url}/v1/clusters/edge/tokenreviews`, {
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

  it('rotates its token: create, roll out, delete', async () => {
    const made = await done(`clusters tokens create edge --token-file ${tokenFile}`);
    const [first] = (await json('clusters tokens list edge')) as [{ id: string }];
    expect(made.stdout).toMatch(/^\w{26}\n$/);
    await done(`clusters tokens delete edge ${first.id} --yes`);
    expect(await json('clusters tokens list edge')).toHaveLength(2);
  });

  it.each(['static', 'kubeadm', 'kops', 'kops-s3'])('is connected as %s', async (format) => {
    const into = scratchFolder();
    const { stderr } = await done(
      `init -i edge --format ${format} --output ${join(into, 'w.yaml')} --token-file ${join(into, 't')}`,
    );
    for (const [, file] of stderr.matchAll(/^(\/\S+|[A-Z]:\S+): /gm))
      expect(readFileSync(file!, 'utf8')).not.toBe('');
  });

  it('is registered offline by a record that apply takes', async () => {
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

  it('changes what is given and keeps the rest', async () => {
    await done('clusters put edge --description here');
    expect(await json('clusters get edge')).toMatchObject({ description: 'here', sets: ['prod'] });
    expect((await done('clusters put edge --disable --dry-run --force')).stderr).toContain(
      'Nothing was written',
    );
    expect(await json('clusters get edge')).not.toHaveProperty('disabled');
  });

  it('is deleted, with its mappings only by force', async () => {
    await done(
      'mappings put --scope cluster/edge --arn arn:aws:iam::111122223333:user/bob --username bob --group developers',
    );
    expect((await run('clusters delete edge --yes')).stderr).toContain('(not_empty)');
    expect((await done('clusters delete edge --yes --force')).stderr).toBe('Deleted cluster edge.\n');
    expect((await run('clusters get edge')).stderr).toBe('countersign: There is no cluster edge.\n');
  });
});

describe('who may enter', () => {
  it('lets somebody in, explains it, takes it back by the change log', async () => {
    expect((await run('explain -i demo --arn ' + mallory)).code).toBe(3);
    await done(`mappings put --scope cluster/demo --arn ${mallory} --username mallory --group viewers`);
    expect((await done('explain -i demo --arn ' + mallory)).stdout).toMatch(/username +mallory\n/);
    const [change] = (await json('changes list --limit 1')) as [{ id: string; target: string }];
    expect(await json(`changes show ${change.id}`)).toMatchObject({ target: change.target, fate: 'applied' });
    await done(`changes rollback ${change.id} --yes`);
    expect((await run('explain -i demo --arn ' + mallory)).code).toBe(3);
    expect((await run(`changes rollback ${change.id} --yes`)).stderr).toContain('(target_changed)');
  });

  it('replaces a mapping of the same scope and principal', async () => {
    const put = `mappings put --scope cluster/demo --arn ${mallory} --username`;
    await done(`${put} one --group a`);
    const again = JSON.parse((await done(`${put} two --group b,c -o json`)).stdout) as {
      id: string;
      groups: string[];
    };
    expect(again.groups).toEqual(['b', 'c']);
    expect(await json(`mappings get ${again.id}`)).toMatchObject({ username: 'two', version: 4 });
    await done(`mappings delete ${again.id} --yes`);
  });

  it('cuts a person off by one command, and says what that does not reach', async () => {
    const ended = await countersign(
      ['denials', 'add', '--arn', aliceArn, '--reason', 'left the company', '-o', 'json'],
      { env: dev.env },
    );
    const { id } = JSON.parse(ended.stdout) as { id: string };
    expect(ended.stderr).toContain('arn:aws:iam::111122223333:role/KubernetesAdmin');
    const whoami = await run('whoami -i demo');
    expect(whoami.code).toBe(3);
    expect((await run(`explain -i demo --arn ${aliceArn}`)).stdout).toContain('principal_denied');
    await done(`denials delete ${id} --yes`);
    expect((await run('whoami -i demo')).code).toBe(0);
  });

  it('syncs IAM groups, and says so', async () => {
    expect((await done('sync status')).stderr).toContain('has not run yet');
    expect((await done('sync run --dry-run')).stdout).toMatch(/dry run +yes/);
    expect((await done('sync run')).stdout).toMatch(/developers +ok +3 +3/);
    const runs = (await json('sync status')) as { id: string; state: string }[];
    expect(runs.map(({ state }) => state)).toEqual(['done', 'done']);
    expect((await done(`sync show ${runs[0]!.id}`)).stdout).toContain('developers');
    expect((await done('sync run --no-wait')).stdout).toMatch(/^\w{26}\n$/);
  });

  it('binds a group and lets it go', async () => {
    await done(
      'bindings put ops --iam-group arn:aws:iam::111122223333:group/ops --scope cluster/demo --group viewers',
    );
    await done('bindings put ops --group operators');
    expect(await json('bindings get ops')).toMatchObject({ groups: ['operators'], scope: 'cluster/demo' });
    await done('bindings delete ops --yes');
  });

  it('makes and deletes a set', async () => {
    await done('sets put lab --description x');
    expect((await run('sets delete prod --yes')).stderr).toContain('(not_empty)');
    await done('sets delete lab --yes');
  });
});

describe('desired state', () => {
  const folder = scratchFolder();
  const file = join(folder, 'state.yaml');

  it('exported, it is a plan without changes', async () => {
    writeFileSync(file, (await done('export')).stdout);
    expect((await done(`plan -f ${file} --exit-code`)).stdout).toMatch(
      /^0 to create, 0 to change, 0 to delete/,
    );
    expect((await done(`apply -f ${file}`)).stderr).toContain('Nothing to do.');
  });

  it('is planned, applied once, and then unchanged', async () => {
    const changed = readFileSync(file, 'utf8').replace('username: alice\n', 'username: alice.a\n');
    expect((await run('plan -f - --exit-code', { stdin: changed })).code).toBe(3);
    expect(await run('apply -f -', { stdin: changed })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give --yes to confirm'),
    });
    const applied = await done('apply -f - --yes', { stdin: changed });
    expect(applied.stdout).toContain('    username: alice -> alice.a\n');
    expect(applied.stderr).toContain('Applied 1 of 1.');
    expect((await run('plan -f - --exit-code', { stdin: changed })).code).toBe(0);
    await done(`apply -f ${file} --yes`);
  });

  it('names file, line and field of what is wrong in it', async () => {
    writeFileSync(
      file,
      'mappings:\n  - scope: cluster/nowhere\n    principal: {arn: x}\n    username: a\n    groups: [b]\n',
    );
    const { code, stderr } = await run(`plan -f ${file}`);
    expect(code).toBe(2);
    expect(stderr).toContain('state.yaml:3: mappings[0].principal.arn: ');
    writeFileSync(file, 'mappings: [\n');
    expect((await run(`plan -f ${file}`)).stderr).toMatch(/state\.yaml, line \d+: This is not YAML/);
  });

  it('comes from an aws-auth ConfigMap, and goes back into one', async () => {
    const map = `kind: ConfigMap
data:
  mapUsers: |
    - userarn: arn:aws:iam::111122223333:user/carol
      username: carol
      groups: [viewers]
  mapAccounts: |
    - "111122223333"
`;
    const imported = await done('import --from aws-auth -i prod-us -', { stdin: map });
    expect(imported.stderr).toContain('Not imported: line 8, mapAccounts[0]');
    await done('apply -f - --yes', { stdin: imported.stdout });
    const { stdout } = await done('export --format aws-auth -i prod-us');
    expect(stdout).toContain('- userarn: arn:aws:iam::111122223333:user/carol\n');
    expect((await done('export --format eks-access-entries -i prod-us -o json')).stdout).toContain(
      '"username": "carol"',
    );
  });

  it('comes from a configuration of aws-iam-authenticator, which names its cluster', async () => {
    const config =
      'clusterID: prod-us\nserver:\n  mapUsers:\n  - userARN: arn:aws:iam::111122223333:user/carol\n    username: carol\n    groups: [viewers]\n';
    const { stdout } = await done('import --from authenticator -', { stdin: config });
    expect(parse(stdout)).toMatchObject({ managed: { scopes: ['cluster/prod-us'] } });
    expect((await done('plan -f - --exit-code', { stdin: stdout })).stdout).toContain('1 unchanged');
  });
});

describe('what is wrong is said in one sentence', () => {
  it.each([
    ['no such command', 'mapping list', 2, /unknown command 'mapping'.*mappings/],
    ['no verb', 'clusters', 2, /A command is missing: countersign clusters list\|get/],
    ['a verb that is none', 'clusters destroy demo', 2, /There is no command clusters destroy/],
    ['no argument', 'clusters get', 2, /missing required argument 'cluster'/],
    ['a format that is none', 'clusters list -o xml', 2, /Allowed choices are table, json, yaml/],
    ['no principal', 'mappings put --scope all --username x', 2, /A mapping needs --scope and --arn/],
    [
      'two principals',
      `mappings put --scope all --arn ${aliceArn} --account 111122223333 --username x`,
      2,
      /Give --arn, or/,
    ],
    ['no account', 'mappings put --scope all --permission-set X --username x', 2, /needs --account/],
    ['nobody to deny', 'denials add --reason x', 2, /A denial needs one of/],
    ['no reason', `denials add --arn ${aliceArn}`, 2, /--reason/],
    ['neither cluster nor principal', 'access', 2, /Give -i <cluster> or --arn <arn>/],
    ['both', `access -i demo --arn ${aliceArn}`, 2, /cannot be used with/],
    ['a time that is none', 'changes list --since yesterday', 2, /--since must be a time/],
    ['no --yes', 'clusters delete demo', 2, /give --yes to confirm/],
    ['a file that is not there', 'plan -f nowhere.yaml', 2, /nowhere\.yaml cannot be read \(ENOENT\)/],
    ['a bad cluster id', 'init -i a/b', 2, /A cluster id has/],
    ['no such cluster', 'clusters get nope', 1, /There is no cluster nope\./],
    ['no such set', 'clusters put demo --set nope', 1, /There is no set nope/],
    [
      'a bad ARN',
      'mappings put --scope all --arn x --username y --group z',
      1,
      /principal\.arn: .*\(invalid_input\)/,
    ],
    ['the last admin', 'clusters put demo --disable', 1, /\(last_admin\)/],
  ])('%s', async (_, line, code, sentence) => {
    const ended = await run(line);
    expect(ended, ended.stderr).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(oneSentence);
    expect(ended.stderr).toMatch(sentence);
  });
});

/** `doctor` needs none of it: it says what is wrong, in its table. */
const admin = allCommands(tree).filter(
  ({ flags, path }) => flags.includes('--endpoint') && path !== 'doctor',
);

describe('a command that needs the admin API and cannot have it', () => {
  const cwd = scratchFolder();
  writeFileSync(join(cwd, 'fleet.yaml'), 'sets: []\n');
  const problem = {
    type: 'about:blank',
    title: 'The caller may not do this',
    status: 403,
    code: 'forbidden',
    detail: 'user/alice is no admin: ask one.',
  };
  const server = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem));
  });
  let refusing = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    refusing = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const runExample = ({ spec, flags }: (typeof admin)[number], endpoint: string): Promise<Ended> => {
    const words = exampleWords(spec.examples[0]!);
    const yes = flags.includes('--yes') && !words.includes('--yes') ? ['--yes'] : [];
    return countersign([...words, ...yes], { cwd, env: { ...dev.env, COUNTERSIGN_ENDPOINT: endpoint } });
  };

  it.each(admin.map((command) => [command.path, command] as const))(
    'ends with one sentence: %s',
    async (_, command) => {
      const ended = await Promise.all(
        ['', 'http://127.0.0.1:1', refusing].map((url) => runExample(command, url)),
      );
      expect(ended).toEqual([
        {
          code: 2,
          stdout: '',
          stderr: expect.stringMatching(
            /^countersign: No (?:admin API|review host) is known: set COUNTERSIGN_\w+ .*\n$/,
          ),
        },
        {
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^countersign: The admin API at http:\S+ could not be reached \(ECONNREFUSED\): check the endpoint.*\n$/,
          ),
        },
        { code: 1, stdout: '', stderr: `countersign: ${problem.detail} (forbidden)\n` },
      ]);
    },
  );

  it('leaves no file behind', () => {
    expect(readdirSync(cwd)).toEqual(['fleet.yaml']);
  });
});
