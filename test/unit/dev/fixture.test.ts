import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveWorld } from '../../../dev/fixture/live-world.ts';
import { demoFixture, parseFixture, readFixture, type Fixture } from '../../../dev/fixture/read.ts';

const problemOf = (text: string): string => {
  const read = parseFixture('my.yaml', text);
  return read.ok ? '' : read.problem;
};

describe('the demo', () => {
  const read = readFixture(demoFixture());
  const fixture = read.ok ? read.fixture : undefined;

  it('is right', () => {
    expect(read).toMatchObject({ ok: true });
  });

  it('holds what the interface promises', () => {
    expect(fixture?.clusters.find(({ id }) => id === 'demo')?.webhookTokens).toStrictEqual([
      'demo-webhook-token',
    ]);
    const keys = fixture?.world.users
      .filter(({ name }) => name === 'alice' || name === 'mallory')
      .map(({ arn, keys }) => [arn, keys]);
    expect(keys).toStrictEqual([
      [
        'arn:aws:iam::111122223333:user/alice',
        [{ id: 'AKIADEMOALICE0000001', secret: 'demo-secret-alice', inactive: false }],
      ],
      [
        'arn:aws:iam::111122223333:user/mallory',
        [{ id: 'AKIADEMOMALLORY00001', secret: 'demo-secret-mallory', inactive: false }],
      ],
    ]);
    expect(fixture?.mappings.filter(({ scope }) => scope === 'cluster/demo')).toStrictEqual([
      {
        scope: 'cluster/demo',
        principal: { arn: 'arn:aws:iam::111122223333:user/alice' },
        username: 'alice',
        groups: ['developers'],
      },
      {
        scope: 'cluster/demo',
        principal: { arn: 'arn:aws:iam::111122223333:role/KubernetesAdmin' },
        username: 'kubernetes-admin',
        groups: ['system:masters'],
      },
    ]);
  });
});

describe('a wrong fixture is told in one sentence, by line and field', () => {
  it.each([
    ['not YAML', 'clusters: [', /^The fixture my\.yaml is wrong: line 1: This is not YAML/],
    ['two documents', '{}\n---\nclusters: []\n', /Must be one YAML document/],
    [
      'a field that there is not',
      'clusters:\n  - id: demo\n    colour: red\n',
      /line 3, clusters\[0\]\.colour: a cluster has no field colour/,
    ],
    ['a value of the wrong kind', 'clusters: 3\n', /line 1, clusters: /],
    [
      'a cluster id with a space',
      'clusters:\n  - description: x\n    id: a b\n',
      /line 3, clusters\[0\]\.id: /,
    ],
    ['a number out of range', 'aws:\n  iamPageSize: 0\n', /line 2, aws\.iamPageSize: Must be a whole number/],
    [
      'a member who does not exist',
      'aws:\n  accounts:\n    - id: "111122223333"\n      groups:\n        - name: g\n          members: [zoe]\n',
      /line 6, aws\.accounts\[0\]\.groups\[0\]\.members\[0\]: There is no user zoe in account 111122223333/,
    ],
    [
      'a key given twice',
      'aws:\n  accounts:\n    - id: "111122223333"\n      users:\n        - { name: a, keys: [{ id: AKIAAAAAAAAAAAAAAAAA, secret: x }] }\n        - { name: b, keys: [{ id: AKIAAAAAAAAAAAAAAAAA, secret: x }] }\n',
      /line 6, aws\.accounts\[0\]\.users\[1\]\.keys\[0\]\.id: Is given twice/,
    ],
    [
      'two names that differ by case alone',
      'aws:\n  accounts:\n    - id: "111122223333"\n      users:\n        - { name: a }\n        - { name: A }\n',
      /line 6, aws\.accounts\[0\]\.users\[1\]\.name: a is given twice/,
    ],
    [
      'a functions key of nobody',
      'aws: { functionsKey: AKIAAAAAAAAAAAAAAAAA }\n',
      /aws\.functionsKey: Must be a key of one/,
    ],
    [
      'a set that there is not',
      'clusters:\n  - { id: demo, sets: [prod] }\n',
      /line 2, clusters\[0\]\.sets: There is no set prod/,
    ],
    [
      'a mapping on a cluster that there is not',
      'mappings:\n  - scope: cluster/demo\n    principal: { accountId: "111122223333" }\n    username: "u:{{SessionName}}"\n    groups: [g]\n',
      /line 2, mappings\[0\]\.scope: There is no cluster\/demo/,
    ],
    [
      'the same record twice',
      'sets:\n  - { name: prod }\n  - { name: prod }\n',
      /line 3, sets\[1\]: Is the same record as sets\[0\]/,
    ],
  ])('%s', (_, text, problem) => {
    expect(problemOf(text)).toMatch(problem);
    expect(problemOf(text)).not.toContain('\n');
  });

  it('many problems at once, the first five by line', () => {
    const text = Array.from({ length: 8 }, (_, index) => `  - id: a b${index}`).join('\n');
    expect(problemOf(`clusters:\n${text}\n`)).toMatch(/line 2.*line 6.*; and 3 more\.$/);
  });

  it('a file that is not there', () => {
    expect(readFixture('/nowhere/my.yaml')).toStrictEqual({
      ok: false,
      problem: 'The fixture /nowhere/my.yaml cannot be read: there is no such file.',
    });
  });
});

it('an empty fixture is right, and empty', () => {
  expect(parseFixture('my.yaml', '')).toMatchObject({ ok: true, fixture: { clusters: [], mappings: [] } });
});

it('who has no id gets one that depends on the ARN alone', () => {
  const text = 'aws:\n  accounts:\n    - { id: "111122223333", users: [{ name: a }, { name: b }] }\n';
  const idsOf = () => {
    const read = parseFixture('my.yaml', text);
    return read.ok ? read.fixture.world.users.map(({ id }) => id) : [];
  };
  expect(new Set(idsOf()).size).toBe(2);
  expect(idsOf()).toStrictEqual(idsOf());
  expect(idsOf()[0]).toMatch(/^AIDA[A-Z0-9]{17}$/);
});

describe('the accounts follow the file', () => {
  let directory = '';
  let path = '';
  let saves = 0;
  const save = (members: string): void => {
    writeFileSync(
      path,
      `aws:\n  accounts:\n    - { id: "111122223333", users: [{ name: a }, { name: b }], groups: [{ name: g, members: ${members} }] }\n`,
    );
    // Two saves within a tick of the file system's clock, and of one size, would look like one.
    saves += 1;
    utimesSync(path, saves, saves);
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'countersign-fixture-'));
    path = join(directory, 'my.yaml');
    save('[a]');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const start = (lines: string[]) => {
    const read = readFixture(path);
    return liveWorld(path, (read as { fixture: Fixture }).fixture, (line) => lines.push(line));
  };

  it('an edit shows at the next request', () => {
    const world = start([]);
    expect(world().groups[0]?.members).toStrictEqual(['a']);
    save('[b]');
    expect(world().groups[0]?.members).toStrictEqual(['b']);
  });

  it('a wrong edit is told once and changes nothing, and the next right one counts', () => {
    const lines: string[] = [];
    const world = start(lines);
    save('[zoe]');
    expect([world(), world()].map(({ groups }) => groups[0]?.members)).toStrictEqual([['a'], ['a']]);
    expect(lines).toStrictEqual([
      expect.stringMatching(/There is no user zoe.*The accounts stay as they were\.$/),
    ]);
    save('[b]');
    expect(world().groups[0]?.members).toStrictEqual(['b']);
  });
});
