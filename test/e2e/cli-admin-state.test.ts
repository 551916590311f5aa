/** Desired states: export, plan, apply, import. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../fixtures/scratch.ts';
import { adminCommands } from './cli-admin-dev.ts';

const { run, done } = adminCommands();

describe('desired state', () => {
  const folder = scratchFolder();
  const file = join(folder, 'state.yaml');

  test('an exported desired state plans no changes', async () => {
    writeFileSync(file, (await done('export')).stdout);
    expect((await done(`plan -f ${file} --exit-code`)).stdout).toMatch(
      /^0 to create, 0 to change, 0 to delete/,
    );
    expect((await done(`apply -f ${file}`)).stderr).toContain('Nothing to do.');
  });

  test('a changed desired state is planned and applied, and then unchanged', async () => {
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

  test('plan names file, line and field of an invalid entry', async () => {
    writeFileSync(
      file,
      'mappings:\n  - scope: cluster/nowhere\n    principal: {arn: x}\n    username: a\n    groups: [b]\n',
    );
    const { code, stderr } = await run(`plan -f ${file}`);
    expect(code).toBe(2);
    expect(stderr).toContain('state.yaml:3: mappings[0].principal.arn: ');
    writeFileSync(file, 'mappings: [\n');
    expect((await run(`plan -f ${file}`)).stderr).toMatch(/state\.yaml:\d+: This is not YAML/);
  });

  test('an imported aws-auth ConfigMap can be applied, and exported again', async () => {
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
    expect(imported.stderr).toContain('Not imported: stdin:8: mapAccounts[0]: ');
    await done('apply -f - --yes', { stdin: imported.stdout });
    const { stdout } = await done('export --format aws-auth -i prod-us');
    expect(stdout).toContain('- userarn: arn:aws:iam::111122223333:user/carol\n');
    expect((await done('export --format eks-access-entries -i prod-us -o json')).stdout).toContain(
      '"username": "carol"',
    );
  });

  test('an imported aws-iam-authenticator configuration is for the cluster that it names', async () => {
    const config =
      'clusterID: prod-us\nserver:\n  mapUsers:\n  - userARN: arn:aws:iam::111122223333:user/carol\n    username: carol\n    groups: [viewers]\n';
    const { stdout } = await done('import --from authenticator -', { stdin: config });
    expect(parse(stdout)).toMatchObject({ managed: { scopes: ['cluster/prod-us'] } });
    expect((await done('plan -f - --exit-code', { stdin: stdout })).stdout).toContain('1 unchanged');
  });
});
