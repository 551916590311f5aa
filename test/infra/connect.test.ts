import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  apiserverFlags,
  connectFormats,
  hostPaths,
  webhookKubeconfig,
} from '../../cli/connect/connection.ts';
import type { Connection, ConnectFormat, Snippet } from '../../cli/connect/connection.ts';
import { kopsPaths } from '../../cli/connect/kops.ts';
import { renderConnect } from '../../cli/connect/render.ts';
import {
  ClusterConfigurationV1Beta3,
  ClusterConfigurationV1Beta4,
  JsonPatch,
  KopsCluster,
  Kubeconfig,
} from './support/kubernetes/control-plane.ts';

const webhookToken = 'example-webhook-token';
const connection: Connection = {
  clusterId: 'Prod.1',
  reviewEndpoint: 'https://abc-vpce-1.execute-api.eu-central-1.amazonaws.com/prod/',
  webhookToken,
};
const separate = { ...connection, separateToken: true };

function snippet(format: ConnectFormat, file: string, from = connection): Snippet {
  const found = renderConnect(format, from).find((candidate) => candidate.file === file);
  if (found === undefined) throw new Error(`${format} renders no ${file}.`);
  return found;
}
const parsed = (format: ConnectFormat, file: string, from = connection): unknown =>
  parse(snippet(format, file, from).content);

describe('the webhook kubeconfig', () => {
  it('names the review URL, with the cluster in its path and no query', () => {
    const config = Kubeconfig.parse(parse(webhookKubeconfig(connection, { token: webhookToken })));
    expect(config.clusters[0]!.cluster.server).toBe(
      'https://abc-vpce-1.execute-api.eu-central-1.amazonaws.com/prod/v1/clusters/Prod.1/tokenreviews',
    );
    expect(config['current-context']).toBe(config.contexts[0]!.name);
    expect(config.contexts[0]!.context).toEqual({
      cluster: config.clusters[0]!.name,
      user: config.users[0]!.name,
    });
  });

  it('carries the authority of a host of one’s own', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const text = webhookKubeconfig({ ...connection, certificateAuthority: pem }, { tokenFile: '/t' });
    const { cluster } = Kubeconfig.parse(parse(text)).clusters[0]!;
    expect(Buffer.from(cluster['certificate-authority-data']!, 'base64').toString()).toBe(pem);
  });
});

describe.each(connectFormats)('%s', (format) => {
  it('marks every snippet that holds the webhook token as a secret, and no other', () => {
    for (const from of [connection, separate]) {
      for (const { content, secret } of renderConnect(format, from)) {
        expect(content.includes(webhookToken)).toBe(secret);
      }
    }
  });

  it('keeps the token out of the kubeconfig where it has a file of its own', () => {
    const texts = renderConnect(format, separate).map(({ content }) => content);
    expect(texts.some((text) => text.includes('tokenFile: /'))).toBe(true);
    expect(texts.some((text) => /token: example/.test(text))).toBe(false);
  });

  it('says how to roll out one node first', () => {
    expect(snippet(format, 'roll-out.sh').content).toMatch(
      /one control-plane group|first control-plane node|ONE/,
    );
  });
});

describe('kops', () => {
  it('has the kubeconfig as a file asset where the apiserver looks for it, readable by root alone', () => {
    const { spec } = KopsCluster.parse(parsed('kops', 'kops-cluster.yaml'));
    expect(spec.fileAssets).toHaveLength(1);
    const [asset] = spec.fileAssets!;
    expect(asset).toMatchObject({ path: kopsPaths.kubeconfig, mode: '0600', roles: ['ControlPlane'] });
    expect(spec.kubeAPIServer.authenticationTokenWebhookConfigFile).toBe(asset!.path);
    expect(Kubeconfig.parse(parse(asset!.content)).users[0]!.user).toEqual({ token: webhookToken });
  });

  it('has the token as a second one', () => {
    const { spec } = KopsCluster.parse(parsed('kops', 'kops-cluster.yaml', separate));
    const [config, token] = spec.fileAssets!;
    expect(Kubeconfig.parse(parse(config!.content)).users[0]!.user).toEqual({ tokenFile: token!.path });
    expect(token!.content).toBe(`${webhookToken}\n`);
  });

  it.each(['kops', 'kops-s3'] as const)('warns, by %s, of its own AWS authentication', (format) => {
    expect(snippet(format, 'kops-cluster.yaml').content).toContain('the two cannot be combined');
  });

  it('has the hook fetch, before kubelet, each file that is uploaded', () => {
    const from = { ...separate, s3Prefix: 's3://bucket/clusters/prod' };
    const { spec } = KopsCluster.parse(parsed('kops-s3', 'kops-cluster.yaml', from));
    const [hook] = spec.hooks!;
    expect(hook!.before).toEqual(['kubelet.service']);
    const upload = snippet('kops-s3', 'upload.sh', from).content;
    for (const [file, path] of [
      ['webhook-kubeconfig.yaml', kopsPaths.kubeconfig],
      ['webhook-token', kopsPaths.tokenFile],
    ] as const) {
      expect(upload).toContain(`${file} s3://bucket/clusters/prod/${file}\n`);
      expect(hook!.manifest).toContain(`s3://bucket/clusters/prod/${file} ${path}\n`);
    }
    // Every line of a [Service] section is Key=value.
    for (const line of hook!.manifest.trimEnd().split('\n')) expect(line).toMatch(/^[A-Z][A-Za-z]+=\S/);
  });
});

describe('kubeadm', () => {
  it('says the same in both versions of its configuration', () => {
    const current = ClusterConfigurationV1Beta4.parse(parsed('kubeadm', 'kubeadm-v1beta4.yaml')).apiServer;
    const former = ClusterConfigurationV1Beta3.parse(parsed('kubeadm', 'kubeadm-v1beta3.yaml')).apiServer;
    expect(Object.fromEntries(current.extraArgs.map(({ name, value }) => [name, value]))).toEqual(
      former.extraArgs,
    );
    expect(former.extraArgs).toEqual(apiserverFlags(hostPaths));
    expect(current.extraVolumes).toEqual(former.extraVolumes);
    expect(hostPaths.kubeconfig.startsWith(`${current.extraVolumes[0]!.mountPath}/`)).toBe(true);
  });
});

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

  it('gets the flags, and the folder that they name', () => {
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

  it('is patched by kubectl, where present, as the guide says', (context) => {
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

describe('each guide', () => {
  const guides = ['connect-kops', 'connect-kubeadm', 'connect-static-pod', 'connect-serve'];
  const sections = [
    'One control-plane node first',
    'Prove the node',
    'The rest',
    'The way back',
    'Break-glass',
    'Uninstall',
  ];

  it.each(guides)('%s leads there and back, in this order', (guide) => {
    const text = readFileSync(`docs/${guide}.md`, 'utf8');
    const places = sections.map((section) => text.indexOf(`\n## ${section}`));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
