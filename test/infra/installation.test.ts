/** What an installation from the lock file may run: nothing of a package's own, and no version that is not written down. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface LockedPackage {
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  allowScripts: Record<string, boolean>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

describe('an installation', () => {
  // `allowScripts` is known to npm 11 only; every npm knows this.
  test('runs no install script, whatever npm does it', () => {
    expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  test('has a decision about each package with an install script, and each is no', () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = scripted.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect(allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });

  test('compares each package with its hash', () => {
    const loose = installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});

test('continuous integration runs packages outside the lock file in exact versions only', () => {
  const script = readFileSync('.ci/run', 'utf8');
  expect([...script.matchAll(/--package=(\S+)/g)].map(([, name]) => name)).toEqual(['"$node24"']);
  expect(script).toMatch(/^node24="node-linux-\$\(node -p process\.arch\)@24\.\d+\.\d+"$/m);
});
