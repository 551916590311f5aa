import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAdmins } from '../../lib/admin/change/admins.ts';
import { derive } from '../../scripts/osls/derived.mjs';
import { definitions, placeholdersIn, readSettings } from '../../scripts/osls/settings.mjs';

type Settings = Record<string, string>;
const read: (source: { stage: string; params?: string[]; serviceDir: string }) => Settings = readSettings;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function withParameterFile(stage: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-settings-'));
  folders.push(folder);
  mkdirSync(join(folder, 'infra', 'parameters'), { recursive: true });
  writeFileSync(join(folder, 'infra', 'parameters', `${stage}.yml`), text);
  return folder;
}

const bare = (...params: string[]): Settings => read({ stage: 'none', params, serviceDir: tmpdir() });

describe('the parameters of a deployment', () => {
  test('have defaults that are enough to package', () => {
    expect(bare()).toMatchObject({ exposure: 'private-api', 'admin-exposure': 'private-api', whoami: 'on' });
    expect(placeholdersIn(bare())).toEqual(['vpc-endpoint-ids', 'admins']);
  });

  test('switch whoami off and admin to a function URL if reviews use a function URL', () => {
    expect(bare('exposure=function-url')).toMatchObject({ 'admin-exposure': 'function-url', whoami: 'off' });
    expect(placeholdersIn(bare('exposure=function-url'))).toEqual(['admins']);
  });

  test('come from the file of the stage, and the command line overrides it', () => {
    const serviceDir = withParameterFile(
      'prod',
      'vpc-endpoint-ids: [vpce-0123456789abcdef0, vpce-0123456789abcdef1]\nlog-retention-days: 30\nwhoami: off\nadmins: { "arn:aws:iam::111122223333:role/A": admin }\n',
    );
    const settings = read({ stage: 'prod', params: ['log-retention-days=365'], serviceDir });
    expect(settings).toMatchObject({
      'vpc-endpoint-ids': 'vpce-0123456789abcdef0,vpce-0123456789abcdef1',
      'log-retention-days': '365',
      whoami: 'off',
      admins: '{"arn:aws:iam::111122223333:role/A":"admin"}',
    });
    expect(placeholdersIn(settings)).toEqual([]);
  });

  test('of stage example are complete, with admins that the admin function accepts', () => {
    const settings = read({ stage: 'example', serviceDir: process.cwd() });
    expect(placeholdersIn(settings)).toEqual([]);
    expect(parseAdmins(settings['admins']!)).toMatchObject({ ok: true });
  });

  test('have a placeholder for admins that the admin function accepts', () => {
    expect(parseAdmins(bare()['admins']!)).toMatchObject({ ok: true });
  });

  test('are refused with every error at once', () => {
    const wrong = () => bare('exposure=public', 'colour=blue', 'rate-limit=fast', 'vpc-endpoint-ids=vpc-1');
    expect(wrong).toThrow(/colour is not a parameter/);
    expect(wrong).toThrow(/exposure must be private-api or function-url, not "public"/);
    expect(wrong).toThrow(/rate-limit must be a whole number/);
    expect(wrong).toThrow(/vpc-endpoint-ids must be ids of execute-api interface endpoints/);
  });

  test.each([
    [['exposure=function-url', 'admin-exposure=private-api'], /otherwise there is no private API/],
    [['domain-name=auth.example.com'], /belong together/],
    [['vpc-endpoint-ids='], /at least one endpoint/],
    [[`admins=${'x'.repeat(3001)}`], /more than 3000 bytes/],
    [['exposure'], /write it as name=value/],
    [['rate-limit='], /rate-limit must be a whole number of requests per second, not empty/],
    [['cluster-rate-limit='], /cluster-rate-limit must be off, or a whole number .*, not empty/],
    [['cluster-rate-limit=9'], /from 10 to 2000000000, not "9"/],
    [['cluster-rate-limit=2000000001'], /from 10 to 2000000000/],
    [['cluster-rate-limit=on'], /must be off, or a whole number/],
  ])('are refused if they are incomplete or contradict each other: %j', (params, sentence) => {
    expect(() => bare(...params)).toThrow(sentence);
  });

  test.each(['10', '2000000000', 'off'])('are accepted with cluster-rate-limit=%s', (limit) => {
    expect(bare(`cluster-rate-limit=${limit}`)['cluster-rate-limit']).toBe(limit);
  });

  test.each([
    [[], 'cluster-rate'],
    [['cluster-rate-limit=off'], 'nothing'],
    [['exposure=function-url'], 'nothing'],
  ])('with %j include the firewall from %s.yml', (params, file) => {
    expect(derive(bare(...params), { stage: 'test' })).toMatchObject({ clusterRate: file });
  });

  test('give whoami a throttle of its own only if whoami is on', () => {
    const throttleOf = (...params: string[]) => derive(bare(...params), { stage: 'test' })['whoamiThrottle'];
    expect(throttleOf()).toMatchObject({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 });
    expect(throttleOf('whoami=off')).toEqual({ Ref: 'AWS::NoValue' });
  });

  test('are exactly those that docs/deploy.md explains', () => {
    const rows = readFileSync('docs/deploy.md', 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm);
    expect(new Set([...rows].map(([, name]) => name))).toEqual(new Set(Object.keys(definitions)));
  });
});
