/** Where the kubeconfig is, and how it is replaced. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { kubeconfigFile, readKubeconfig, updateKubeconfig } from '../../../cli/kubeconfig/file.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

test('the kubeconfig is the file that --kubeconfig names, before KUBECONFIG', () => {
  expect(kubeconfigFile({ KUBECONFIG: '/b' }, '/a')).toBe('/a');
});

test('the kubeconfig is the first file of KUBECONFIG that exists, else the last one listed', () => {
  const folder = scratchFolder();
  const [first, second, last] = ['first', 'second', 'last'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const env = { KUBECONFIG: ['', first, second, last].join(delimiter) };
  expect(kubeconfigFile(env, undefined)).toBe(last);
  writeFileSync(second, '');
  expect(kubeconfigFile(env, undefined)).toBe(second);
});

test('the kubeconfig is ~/.kube/config if KUBECONFIG is empty', () => {
  expect(kubeconfigFile({ KUBECONFIG: '' }, undefined)).toBe(join(homedir(), '.kube', 'config'));
});

test('a kubeconfig that does not exist reads as undefined, and one that is a folder is an error', () => {
  const folder = scratchFolder();
  expect(readKubeconfig(join(folder, 'none'))).toBeUndefined();
  expect(() => readKubeconfig(folder)).toThrow(/cannot be read/);
});

test('an update of a new kubeconfig creates its folder, and leaves no lock and no part file', () => {
  const folder = join(scratchFolder(), 'kube');
  updateKubeconfig(join(folder, 'config'), (text) => `was ${text}`);
  expect(readFileSync(join(folder, 'config'), 'utf8')).toBe('was undefined');
  expect(readdirSync(folder)).toEqual(['config']);
});

test.skipIf(process.platform === 'win32')(
  'an update of a kubeconfig keeps its mode and its symbolic link',
  () => {
    const folder = scratchFolder();
    const [target, link] = [join(folder, 'target'), join(folder, 'link')];
    writeFileSync(target, 'old');
    chmodSync(target, 0o640);
    symlinkSync(target, link);
    updateKubeconfig(link, (text) => `${text} and new`);
    expect(readFileSync(target, 'utf8')).toBe('old and new');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  },
);

test('an update of a kubeconfig is refused while another program holds the lock, whose file stays', () => {
  const file = join(scratchFolder(), 'config');
  writeFileSync(`${file}.lock`, '');
  expect(() => updateKubeconfig(file, () => 'new')).toThrow(/config\.lock cannot be created/);
  expect(existsSync(`${file}.lock`)).toBe(true);
  expect(existsSync(file)).toBe(false);
});

test('an update of a kubeconfig that fails releases the lock and keeps the file', () => {
  const file = join(scratchFolder(), 'config');
  writeFileSync(file, 'old');
  const fail = (): string => {
    throw new Error('no');
  };
  expect(() => updateKubeconfig(file, fail)).toThrow('no');
  expect(existsSync(`${file}.lock`)).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('old');
});
