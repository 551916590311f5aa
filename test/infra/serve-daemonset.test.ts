import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { serveCommand } from '../../cli/commands/serve/spec.ts';
import { HostObject } from './support/kubernetes/daemonset.ts';

const objects = parseAllDocuments(readFileSync('infra/kubernetes/serve-daemonset.yaml', 'utf8')).map(
  (document) => HostObject.parse(document.toJS()),
);
const daemonSet = objects.find((object) => object.kind === 'DaemonSet')!;
const { spec } = daemonSet.spec.template;
const serveFlags = 'options' in serveCommand ? (serveCommand.options ?? []) : [];

describe('the DaemonSet of countersign serve', () => {
  test('the manifest of serve holds valid Kubernetes objects, all in one namespace', () => {
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

  test('the DaemonSet runs serve with flags that the command has', () => {
    const [command, ...args] = spec.containers[0]!.args!;
    expect(command).toBe('serve');
    const known = serveFlags.map(({ flags }) => flags.split(' ')[0]);
    for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(flag);
  });

  test('the DaemonSet listens at the address of its probes, on the host’s loopback only', () => {
    const [container] = spec.containers;
    const value = (flag: string): string => container!.args![container!.args!.indexOf(flag) + 1]!;
    expect(spec.hostNetwork).toBe(true);
    expect(value('--address')).toBe('127.0.0.1');
    expect(container!.readinessProbe!.httpGet).toMatchObject({
      host: '127.0.0.1',
      port: Number(value('--port')),
    });
  });

  test('the DaemonSet takes two settings of the ConfigMap by name, so that no other key reaches the process', () => {
    const [container] = spec.containers;
    const configMap = objects.find((object) => object.kind === 'ConfigMap')!;
    const keys = Object.keys('data' in configMap ? (configMap.data ?? {}) : {});
    expect(keys).toEqual(['AWS_REGION', 'COUNTERSIGN_TABLE']);
    expect(container!.env).toEqual(
      keys.map((key) => ({
        name: key,
        valueFrom: { configMapKeyRef: { name: configMap.metadata.name, key } },
      })),
    );
    expect([...spec.initContainers, ...spec.containers].filter((one) => 'envFrom' in one)).toEqual([]);
  });

  test('the DaemonSet names one image, by its digest, and the Dockerfile an exact version of Node.js', () => {
    const images = new Set([...spec.initContainers, ...spec.containers].map(({ image }) => image));
    expect([...images].join()).toMatch(/^[^,]+@sha256:[0-9a-f]{64}$/);
    const dockerfile = readFileSync('infra/kubernetes/Dockerfile', 'utf8');
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+\/node:24\.\d+\.\d+-slim\nFROM \$\{NODE_IMAGE\}$/m);
  });

  test('the DaemonSet has a volume for every mount, and a read-only root file system', () => {
    const volumes = new Set(spec.volumes.map(({ name }) => name));
    for (const { volumeMounts, securityContext } of [...spec.initContainers, ...spec.containers]) {
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
      expect(securityContext.readOnlyRootFilesystem).toBe(true);
    }
  });
});
