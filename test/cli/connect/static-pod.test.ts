import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiserverFlags, hostPaths } from '../../../cli/connect/connection.ts';
import { parsed, snippet } from '../../fixtures/connect-snippets.ts';
import { JsonPatch } from '../../infra/support/kubernetes/control-plane.ts';

describe('a static pod', () => {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver', namespace: 'kube-system' },
    spec: {
      containers: [
        {
          name: 'kube-apiserver',
          image: 'registry.k8s.io/kube-apiserver:v1.33.0',
          command: ['kube-apiserver', '--client-ca-file=/etc/kubernetes/pki/ca.crt'],
          volumeMounts: [{ name: 'certs', mountPath: '/etc/kubernetes/pki', readOnly: true }],
        },
      ],
      volumes: [{ name: 'certs', hostPath: { path: '/etc/kubernetes/pki', type: 'Directory' } }],
    },
  };
  const patch = JsonPatch.parse(parsed('static', 'kube-apiserver-patch.yaml'));

  /** RFC 6902 `add` at the end of a list. */
  function patched(): typeof manifest {
    const result = structuredClone(manifest);
    for (const { path, value } of patch) {
      const keys = path.split('/').slice(1);
      expect(keys.pop()).toBe('-');
      // oxlint-disable-next-line typescript/no-explicit-any
      (keys.reduce((at: any, key) => at[key], result) as unknown[]).push(value);
    }
    return result;
  }

  test('the patch of a static pod adds the flags, and mounts the folder that they name', () => {
    const [container] = patched().spec.containers;
    for (const [name, value] of Object.entries(apiserverFlags(hostPaths))) {
      expect(container!.command).toContain(`--${name}=${value}`);
    }
    expect(container!.volumeMounts.at(-1)).toMatchObject({
      name: 'countersign',
      mountPath: hostPaths.directory,
    });
    expect(patched().spec.volumes.at(-1)).toMatchObject({ name: 'countersign' });
  });

  test('kubectl, if it is installed, applies the patch of a static pod by the command of the guide', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-connect-'));
    writeFileSync(join(folder, 'pod.yaml'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'patch.yaml'), snippet('static', 'kube-apiserver-patch.yaml').content);
    const flags = ['--local', '-o', 'json', '--type', 'json', '--patch-file', 'patch.yaml', '-f', 'pod.yaml'];
    const { error, stdout, stderr } = spawnSync('kubectl', ['patch', ...flags], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    if (error !== undefined) context.skip('There is no kubectl here.');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject(patched());
  });
});
