/** The exec plugin protocol of kubectl. */
import { expect, test } from 'vitest';
import { execApiVersion, execCredential } from '../../../cli/token/exec-credential.ts';

const group = 'client.authentication.k8s.io';
const info = (apiVersion: unknown): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: {} });

test.each([
  ['is not set', undefined, 'v1beta1'],
  ['is empty', '', 'v1beta1'],
  ['has no apiVersion', '{}', 'v1beta1'],
  ['is not an object', 'null', 'v1beta1'],
  ['requests v1beta1', info(`${group}/v1beta1`), 'v1beta1'],
  ['requests v1', info(`${group}/v1`), 'v1'],
])('if KUBERNETES_EXEC_INFO %s, the version of the ExecCredential is as expected', (_, text, version) => {
  expect(execApiVersion(text)).toBe(`${group}/${version}`);
});

test.each([
  [
    info(`${group}/v1alpha1`),
    /asks for "client\.authentication\.k8s\.io\/v1alpha1": set the exec plugin's apiVersion/,
  ],
  [info(1), /asks for 1/],
  ['{', /is not JSON: unset it/],
])('the KUBERNETES_EXEC_INFO %s is refused', (text, message) => {
  expect(() => execApiVersion(text)).toThrow(message);
});

test('an ExecCredential holds the token, and its expiry in whole seconds', () => {
  const text = execCredential(`${group}/v1`, 'k8s-aws-v1.x', Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  expect(JSON.parse(text)).toEqual({
    kind: 'ExecCredential',
    apiVersion: `${group}/v1`,
    spec: {},
    status: { expirationTimestamp: '2026-01-02T03:04:05Z', token: 'k8s-aws-v1.x' },
  });
});
