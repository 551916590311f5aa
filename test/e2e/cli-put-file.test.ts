/** `put -f` of every kind of record, as processes against `countersign dev`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../fixtures/scratch.ts';
import { countersign, oneSentence, startDev } from './cli-process.ts';
import type { Dev, Ended } from './cli-process.ts';

let dev: Dev;
beforeAll(async () => {
  dev = await startDev();
});
afterAll(() => dev.end());

const folder = scratchFolder();
const run = (line: string, stdin?: string): Promise<Ended> =>
  countersign(line.split(' '), { env: dev.env, ...(stdin === undefined ? {} : { stdin }) });

async function done(line: string, stdin?: string): Promise<Ended> {
  const ended = await run(line, stdin);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
}

const carol = 'arn:aws:iam::111122223333:user/carol';

interface Kind {
  readonly kind: string;
  /** The put, without `-f`. */
  readonly put: string;
  /** The list to look for the record in, and how it is named there. */
  readonly list: string;
  readonly named: Readonly<Record<string, unknown>>;
  readonly yaml: string;
  /** A field that is spelled wrong, with what comes after its colon. */
  readonly typo: string;
  readonly fields: RegExp;
  readonly edit: readonly [from: string, to: string, expected: Readonly<Record<string, unknown>>];
}

const kinds: readonly Kind[] = [
  {
    kind: 'a cluster',
    put: 'clusters put filed',
    list: 'clusters list',
    named: { id: 'filed' },
    yaml: 'description: one\npartition: aws\nsets: [prod]\nadminGroups: [system:masters]\n',
    typo: 'dissabled: true',
    fields: /a cluster has no field dissabled.*description, partition, sets, adminGroups, disabled/,
    edit: ['description: one', 'description: two', { description: 'two', sets: ['prod'] }],
  },
  {
    kind: 'a set',
    put: 'sets put filed',
    list: 'sets list',
    named: { name: 'filed' },
    yaml: 'description: one\n',
    typo: 'descripton: two',
    fields: /a set has no field descripton.*name, description/,
    edit: ['description: one', 'description: two', { description: 'two' }],
  },
  {
    kind: 'a mapping',
    put: 'mappings put',
    list: 'mappings list --scope cluster/demo',
    named: { principal: { arn: carol } },
    yaml: `scope: cluster/demo\nprincipal:\n  arn: ${carol}\nusername: carol\ngroups: [viewers]\nexpiresAt: 2099-01-31T18:00:00Z\n`,
    typo: 'expiresat: 2027-01-31T18:00:00Z',
    fields: /a mapping has no field expiresat.*scope, principal, username, groups, expiresAt, principalId/,
    edit: [
      'username: carol',
      'username: carol.b',
      { username: 'carol.b', expiresAt: '2099-01-31T18:00:00Z' },
    ],
  },
  {
    kind: 'a binding',
    put: 'bindings put filed',
    list: 'bindings list',
    named: { id: 'filed' },
    yaml: 'iamGroup: arn:aws:iam::111122223333:group/filed\nscope: cluster/demo\ngroups: [viewers]\n',
    typo: 'externalID: secret',
    fields: /a group binding has no field externalID.*iamGroup, readerRoleArn, externalId, scope/,
    edit: ['- viewers', '- editors', { groups: ['editors'] }],
  },
];

describe.each(kinds)('put -f of $kind', ({ kind, put, list, named, yaml, typo, fields, edit }) => {
  const file = join(folder, 'record.yaml');
  const find = async (): Promise<unknown> => {
    const items = JSON.parse((await done(`${list} -o json`)).stdout) as Record<string, unknown>[];
    return items.find((item) =>
      Object.entries(named).every(([k, v]) => JSON.stringify(item[k]) === JSON.stringify(v)),
    );
  };

  test(`${kind} with an unknown field is refused with file, line and field, and not written`, async () => {
    writeFileSync(file, yaml + typo + '\n');
    const ended = await run(`${put} -f ${file}`);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(oneSentence) });
    const line = yaml.split('\n').length;
    expect(ended.stderr).toContain(`record.yaml:${line}: ${typo.split(':')[0]}: `);
    expect(ended.stderr).toMatch(fields);
    expect(await find()).toBeUndefined();
  });

  test(`${kind} in a file is written, and what put printed can be edited and put again`, async () => {
    const first = await done(`${put} -f - -o yaml`, yaml);
    const [from, to, expected] = edit;
    expect(first.stdout).toContain(from);
    const again = await done(`${put} -f -`, first.stdout.replace(from, to));
    expect(parse(again.stdout)).toMatchObject({ ...expected, version: 2 });
    expect(await find()).toMatchObject({ ...named, ...expected });
  });

  test(`${kind} in a JSON file with an unknown field is refused with the line, too`, async () => {
    const record = { ...(parse(yaml) as object), whatever: 1 };
    const ended = await run(`${put} -f -`, JSON.stringify(record, undefined, 2));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^countersign: stdin:\d+: whatever: /);
  });
});

describe('put -f', () => {
  test('an invalid value in a nested field is refused with its line', async () => {
    const text = 'scope: cluster/demo\nprincipal:\n  arn: nobody\nusername: x\ngroups: [viewers]\n';
    const ended = await run('mappings put -f -', text);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('countersign: stdin:3: principal.arn: ');
  });

  test('an invalid option beside a file is refused without a line of the file', async () => {
    const text = `scope: cluster/demo\nprincipal:\n  arn: ${carol}\nusername: x\ngroups: [viewers]\n`;
    const ended = await run('mappings put -f - --expires-at tomorrow', text);
    expect(ended.code).toBe(1);
    expect(ended.stderr).not.toContain('stdin:');
    expect(ended.stderr).toMatch(/expiresAt.*\(invalid_input\)/);
  });

  test('options take precedence over the fields of the file', async () => {
    const ended = await done('sets put filed -f - --description option -o json', 'description: file\n');
    expect(JSON.parse(ended.stdout)).toMatchObject({ description: 'option' });
  });
});

test('a mapping that get prints can be put again unchanged', async () => {
  const [mapping] = JSON.parse((await done('mappings list --scope cluster/demo -o json')).stdout) as [
    { id: string },
  ];
  const shown = (await done(`mappings get ${mapping.id}`)).stdout;
  const again = parse((await done('mappings put -f -', shown)).stdout) as Record<string, unknown>;
  const { version: _, updatedAt: _at, updatedBy: _by, ...kept } = parse(shown) as Record<string, unknown>;
  expect(again).toMatchObject(kept);
});
