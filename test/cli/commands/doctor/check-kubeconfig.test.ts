import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { checkKubeconfig } from '../../../../cli/commands/doctor/check-kubeconfig.ts';
import { createInput } from '../../../../cli/input.ts';
import { scratchFolder } from '../../../fixtures/scratch.ts';

const folder = scratchFolder();
writeFileSync(join(folder, 'countersign'), '', { mode: 0o755 });
writeFileSync(join(folder, 'plain'), '', { mode: 0o644 });
const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: join(folder, 'countersign'),
  args: ['token', '-i', 'demo'],
};
const config = (changed: object = {}, current = 'one') => ({
  'current-context': current,
  contexts: ['one', 'two'].map((name) => ({ name, context: { user: name } })),
  users: [
    { name: 'one', user: { exec: { ...exec, args: ['other'] } } },
    { name: 'two', user: { exec: { ...exec, ...changed } } },
  ],
});

function check(content: unknown, options: Readonly<Record<string, string>> = {}) {
  const file = join(scratchFolder(), 'config');
  if (content !== undefined) writeFileSync(file, typeof content === 'string' ? content : stringify(content));
  const input = createInput({ clusterId: 'demo', kubeconfig: file, ...options }, []);
  return checkKubeconfig({ input, env: { PATH: folder } });
}

test('the context whose exec plugin names the cluster is checked, not the current one', () => {
  expect(check(config())).toEqual({
    check: 'kubeconfig',
    state: 'ok',
    detail: `context two runs ${exec.command}`,
  });
});

test('a command without a slash is searched on the path', () => {
  expect(check(config({ command: 'countersign' }))).toMatchObject({ state: 'ok' });
});

test('the check is skipped if there is no kubeconfig', () => {
  expect(check(undefined)).toMatchObject({ state: 'skipped' });
});

describe('the check of a broken kubeconfig', () => {
  test.each<[string, unknown, Readonly<Record<string, string>>, RegExp, RegExp]>([
    ['it is not YAML', 'a: [', {}, /is not YAML/, /fix it/],
    ['it has no context', {}, {}, /no context for cluster demo/, /kubeconfig -i demo .*--merge --kubeconfig/],
    ['it lacks the given context', config(), { context: 'x y' }, /no context x y/, /--context 'x y'/],
    [
      'the given context is of another cluster',
      config(),
      { context: 'one' },
      /another cluster id/,
      /--context one/,
    ],
    ['no plugin names the cluster', config({ args: [] }), {}, /context one is for another/, /write it again/],
    ['the context has no exec plugin', { ...config(), users: [] }, {}, /no exec plugin/, /--yes$/],
    ['the API version is v1alpha1', config({ apiVersion: 'v1alpha1' }), {}, /asks for v1alpha1/, /v1beta1/],
    ['there is no API version', config({ apiVersion: undefined }), {}, /no apiVersion/, /v1beta1/],
    [
      'the command is missing',
      config({ command: 'absent' }),
      {},
      /absent is not on the path/,
      /install absent/,
    ],
    ['the command is not executable', config({ command: 'plain' }), {}, /not on the path/, /install plain/],
    [
      'the command is missing, with a hint',
      config({ command: 'x', installHint: 'get it' }),
      {},
      /path/,
      /^get it$/,
    ],
  ])('fails with a remedy if %s', (_condition, content, options, detail, remedy) => {
    expect(check(content, options)).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(detail),
      remedy: expect.stringMatching(remedy),
    });
  });
});
