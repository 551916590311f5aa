/** Lists, and who may enter: what the admin commands print and change. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { adminCommands, aliceArn } from './cli-admin-dev.ts';
import { countersign } from './cli-process.ts';

const { dev, run, done, json } = adminCommands();
const mallory = 'arn:aws:iam::111122223333:user/mallory';

describe('lists', () => {
  test.each([
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
  ])('table and JSON of %s have the same items', async (line, header, field) => {
    const [asTable, asJson] = await Promise.all([done(line), done(`${line} -o json`)]);
    const items = JSON.parse(asJson.stdout) as Record<string, unknown>[];
    expect(asTable.stdout).toMatch(header);
    expect(asTable.stdout.trimEnd().split('\n')).toHaveLength(items.length + 1);
    expect(items.every((item) => item[field] !== undefined)).toBe(true);
  });

  test('a list as YAML equals the list as JSON', async () => {
    expect(parse((await done('mappings list -o yaml')).stdout)).toEqual(await json('mappings list'));
  });

  test('access -o csv prints a header and a line for each row', async () => {
    const { stdout } = await done('access -i demo -o csv');
    expect(stdout).toMatch(/^cluster,principal,username,groups,denied,"granted by"\r\n/);
    expect(stdout).toContain(`demo,${aliceArn},alice,developers,,`);
  });

  test('an empty list prints nothing on stdout, and a sentence on stderr', async () => {
    expect(await done('mappings list --scope cluster/prod-us')).toMatchObject({
      stdout: '',
      stderr: 'There are no such mappings.\n',
    });
  });
});

describe('who may enter', () => {
  test('a mapping is added, explained, and rolled back by its change', async () => {
    expect((await run('explain -i demo --arn ' + mallory)).code).toBe(3);
    await done(`mappings put --scope cluster/demo --arn ${mallory} --username mallory --group viewers`);
    expect((await done('explain -i demo --arn ' + mallory)).stdout).toMatch(/username +mallory\n/);
    const [change] = (await json('changes list --limit 1')) as [{ id: string; target: string }];
    expect(await json(`changes show ${change.id}`)).toMatchObject({ target: change.target, fate: 'applied' });
    await done(`changes rollback ${change.id} --yes`);
    expect((await run('explain -i demo --arn ' + mallory)).code).toBe(3);
    expect((await run(`changes rollback ${change.id} --yes`)).stderr).toContain('(target_changed)');
  });

  test('mappings put replaces the mapping of the same scope and principal', async () => {
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

  test('denials add denies a user at once, and lists the roles that it does not reach', async () => {
    const ended = await countersign(
      ['denials', 'add', '--arn', aliceArn, '--reason', 'left the company', '-o', 'json'],
      { env: dev().env },
    );
    const { id, alsoDenied = [] } = JSON.parse(ended.stdout) as { id: string; alsoDenied?: string[] };
    expect(ended.stderr).toContain(
      'countersign denials add --arn arn:aws:iam::111122223333:role/KubernetesAdmin',
    );
    expect((await done('denials list')).stdout).toContain('roles_stay_open');
    const whoami = await run('whoami -i demo');
    expect(whoami.code).toBe(3);
    expect((await run(`explain -i demo --arn ${aliceArn}`)).stdout).toContain('principal_denied');
    for (const each of [id, ...alsoDenied]) await done(`denials delete ${each} --yes`);
    expect((await run('whoami -i demo')).code).toBe(0);
  });

  test('sync run maps the members of IAM groups, and sync show reports it', async () => {
    expect((await done('sync status')).stderr).toContain('has not run yet');
    expect((await done('sync run --dry-run')).stdout).toMatch(/dry run +yes/);
    expect((await done('sync run')).stdout).toMatch(/developers +ok +3 +3/);
    const runs = (await json('sync status')) as { id: string; state: string }[];
    expect(runs.map(({ state }) => state)).toEqual(['done', 'done']);
    expect((await done(`sync show ${runs[0]!.id}`)).stdout).toContain('developers');
    expect((await done('sync run --no-wait')).stdout).toMatch(/^\w{26}\n$/);
  });

  test('bindings put and delete change a group binding', async () => {
    await done(
      'bindings put ops --iam-group arn:aws:iam::111122223333:group/ops --scope cluster/demo --group viewers',
    );
    await done('bindings put ops --group operators');
    expect(await json('bindings get ops')).toMatchObject({ groups: ['operators'], scope: 'cluster/demo' });
    await done('bindings delete ops --yes');
  });

  test('sets put and delete change a set, unless it is in use', async () => {
    await done('sets put lab --description x');
    expect((await run('sets delete prod --yes')).stderr).toContain('(not_empty)');
    await done('sets delete lab --yes');
  });
});
