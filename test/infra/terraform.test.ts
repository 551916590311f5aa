import * as v from 'valibot';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { desiredStateSchema, stateErrors } from '../../lib/admin/state/desired-state.ts';

const root = 'infra/terraform';
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function copyOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-terraform-'));
  folders.push(folder);
  cpSync(root, folder, { recursive: true });
  return folder;
}

interface Run {
  readonly missing: boolean;
  readonly status: number;
  /** Standard output; warnings about the machine's own configuration are on standard error. */
  readonly output: string;
}
function terraform(cwd: string, ...args: string[]): Run {
  const env = { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: '' };
  const { error, status, stdout } = spawnSync('terraform', args, { cwd, encoding: 'utf8', env });
  return { missing: error !== undefined, status: status ?? 1, output: stdout ?? '' };
}
const isMissing = terraform('.', '-version').missing;

const modules = readdirSync(join(root, 'modules'));
const level = {
  scope: 'set/prod',
  kubernetes_groups: ['developers'],
  username: 'session:{{AccountID}}:{{RoleName}}:{{SessionName}}',
  role_arn: 'arn:aws:iam::111122223333:role/KubernetesDeveloper',
  role_unique_id: 'AROAEXAMPLE000000001',
};
const levels = {
  Developer: { ...level, iam_group_arn: 'arn:aws:iam::111122223333:group/KubernetesDeveloper' },
  Viewer: { ...level, role_arn: 'arn:aws:iam::111122223333:role/KubernetesViewer', scope: 'all' },
};

const arn = (group: string): string => `arn:aws:iam::111122223333:group/${group}`;

describe('the Terraform module group-reader', () => {
  const text = readFileSync(join(root, 'modules', 'group-reader', 'variables.tf'), 'utf8');
  const [, block = ''] = text.split(/^(?=variable "group_arns")/m);
  const pattern = new RegExp(/regex\("([^"]+)", arn\)/.exec(block)![1]!);
  test.each(['Developers', 'team/eng/Developers', 'Kubernetes*', 'team/*'])('reads the group %s', (group) => {
    expect(arn(group)).toMatch(pattern);
  });

  test.each(['*', '*Developers', '?', '*/Developers', 'team*/Developers', 'a/*/Developers', ''])(
    'refuses the group %s, since a wildcard in a path or as the whole name covers other groups',
    (group) => {
      expect(arn(group)).not.toMatch(pattern);
    },
  );
});

/** The conditions of the variables only, so that no provider is needed. */
function planOfVariables(module: string, values: Readonly<Record<string, unknown>>): Run {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-terraform-'));
  folders.push(folder);
  cpSync(join(root, 'modules', module, 'variables.tf'), join(folder, 'variables.tf'));
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(values));
  return terraform(folder, 'plan', '-input=false', '-no-color');
}

describe('the variables of the Terraform module group-reader', () => {
  const values = {
    sync_role_arn: 'arn:aws:iam::111122223333:role/GroupSync',
    external_id: 'a'.repeat(1224),
    group_arns: [arn('Kubernetes*')],
    name_suffix: 'EU',
  };

  test.skipIf(isMissing)('accept what the admin API accepts, an external id of 1,224 characters too', () => {
    expect(planOfVariables('group-reader', values)).toMatchObject({ status: 0 });
  });

  test.skipIf(isMissing)('refuse every group at once, and an external id that is too long', () => {
    const wrong = { ...values, external_id: 'a'.repeat(1225), group_arns: [arn('*')] };
    expect(planOfVariables('group-reader', wrong)).toMatchObject({ status: 1 });
  });
});

describe('the Terraform modules', () => {
  // RE2, which Terraform uses, refuses such a pattern, and can() turns that into "no" for every value.
  test('repeat no pattern more than 1,000 times', () => {
    const texts = modules.map((name) => readFileSync(join(root, 'modules', name, 'variables.tf'), 'utf8'));
    const counts = texts.flatMap((text) =>
      [...text.matchAll(/\{\d+(?:,(\d+))?\}/g)].map(([, most]) => Number(most ?? 0)),
    );
    expect(Math.max(...counts)).toBeLessThanOrEqual(1000);
  });

  test('describe every variable and every output', () => {
    for (const name of modules) {
      for (const file of ['variables.tf', 'outputs.tf']) {
        const text = readFileSync(join(root, 'modules', name, file), 'utf8');
        const blocks = text
          .split(/^(?=(?:variable|output) ")/m)
          .filter((block) => /^(?:variable|output) /.test(block));
        for (const block of blocks) expect(block, block.split('\n')[0]).toContain('  description =');
        for (const block of blocks.filter((block) => block.startsWith('variable')))
          expect(block).toContain('  type ');
      }
    }
  });

  test.skipIf(isMissing)('are formatted, together with the examples', () => {
    expect(terraform(root, 'fmt', '-check', '-recursive', '-diff')).toMatchObject({ status: 0, output: '' });
  });

  test.skipIf(isMissing)('are valid, if the AWS provider can be installed', (context) => {
    const folder = copyOf();
    for (const path of [
      ...modules.map((name) => `modules/${name}`),
      'examples/one-account',
      'examples/two-accounts',
    ]) {
      const init = terraform(join(folder, path), 'init', '-backend=false', '-input=false');
      if (init.status !== 0) context.skip(`The AWS provider cannot be installed for ${path}.`);
      expect(terraform(join(folder, path), 'validate')).toMatchObject({ status: 0 });
    }
  });

  test.skipIf(isMissing)('output a desired state that the admin API accepts', () => {
    const folder = join(copyOf(), 'modules', 'desired-state');
    writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify({ levels, pin: true }));
    expect(terraform(folder, 'init', '-backend=false', '-input=false')).toMatchObject({ status: 0 });
    expect(terraform(folder, 'apply', '-auto-approve', '-input=false')).toMatchObject({ status: 0 });
    const text = terraform(folder, 'output', '-raw', 'yaml').output;
    expect(parse(text)).toEqual({
      managed: { scopes: ['set/prod', 'all'] },
      mappings: [
        {
          scope: 'set/prod',
          principal: { arn: 'arn:aws:iam::111122223333:role/KubernetesDeveloper' },
          username: level.username,
          groups: ['developers'],
          principalId: 'AROAEXAMPLE000000001',
        },
        {
          scope: 'all',
          principal: { arn: 'arn:aws:iam::111122223333:role/KubernetesViewer' },
          username: level.username,
          groups: ['developers'],
          principalId: 'AROAEXAMPLE000000001',
        },
      ],
      bindings: [
        {
          id: 'developer',
          iamGroup: 'arn:aws:iam::111122223333:group/KubernetesDeveloper',
          scope: 'set/prod',
          groups: ['developers'],
        },
      ],
    });
    expect(stateErrors(v.parse(desiredStateSchema, parse(text)))).toEqual([]);
  });
});
