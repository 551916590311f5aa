import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { hosts } from '../../cli/commands/serve/spec.ts';
import { HostObject } from './support/kubernetes/daemonset.ts';

const objects = parseAllDocuments(readFileSync('infra/kubernetes/serve-daemonset.yaml', 'utf8')).map(
  (document) => HostObject.parse(document.toJS()),
);
const daemonSet = objects.find((object) => object.kind === 'DaemonSet')!;
const { spec } = daemonSet.spec.template;
const serve = hosts.find(({ name }) => name === 'serve');
const serveFlags = serve !== undefined && 'options' in serve ? (serve.options ?? []) : [];

describe('the DaemonSet of countersign serve', () => {
  it('holds Kubernetes objects, all in one namespace', () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ConfigMap',
      'DaemonSet',
    ]);
    const [namespace, ...others] = objects;
    expect(others.every(({ metadata }) => metadata.namespace === namespace!.metadata.name)).toBe(true);
    expect(daemonSet.spec.template.metadata.labels).toMatchObject(daemonSet.spec.selector.matchLabels);
  });

  it('runs serve with flags that it has', () => {
    const [command, ...args] = spec.containers[0]!.args!;
    expect(command).toBe('serve');
    const known = serveFlags.map(({ flags }) => flags.split(' ')[0]);
    for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(flag);
  });

  it('listens where its probes ask, on the host’s loopback only', () => {
    const [container] = spec.containers;
    const value = (flag: string): string => container!.args![container!.args!.indexOf(flag) + 1]!;
    expect(spec.hostNetwork).toBe(true);
    expect(value('--address')).toBe('127.0.0.1');
    expect(container!.readinessProbe!.httpGet).toMatchObject({
      host: '127.0.0.1',
      port: Number(value('--port')),
    });
  });

  it('has a volume for every mount, and writes nowhere else', () => {
    const volumes = new Set(spec.volumes.map(({ name }) => name));
    for (const { volumeMounts, securityContext } of [...spec.initContainers, ...spec.containers]) {
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
      expect(securityContext.readOnlyRootFilesystem).toBe(true);
    }
  });
});
