import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kopsPaths } from '../../../cli/connect/kops.ts';
import { parsed, separate, snippet, webhookToken } from '../../fixtures/connect-snippets.ts';
import { KopsCluster, Kubeconfig } from '../../infra/support/kubernetes/control-plane.ts';

describe('kops', () => {
  test('the cluster spec of kops has the kubeconfig as a file asset at the path of the apiserver’s flag, readable by root only', () => {
    const { spec } = KopsCluster.parse(parsed('kops', 'kops-cluster.yaml'));
    expect(spec.fileAssets).toHaveLength(1);
    const [asset] = spec.fileAssets!;
    expect(asset).toMatchObject({ path: kopsPaths.kubeconfig, mode: '0600', roles: ['ControlPlane'] });
    expect(spec.kubeAPIServer.authenticationTokenWebhookConfigFile).toBe(asset!.path);
    expect(Kubeconfig.parse(parse(asset!.content)).users[0]!.user).toEqual({ token: webhookToken });
  });

  test('the cluster spec of kops has a token of its own file as a second file asset', () => {
    const { spec } = KopsCluster.parse(parsed('kops', 'kops-cluster.yaml', separate));
    const [config, token] = spec.fileAssets!;
    expect(Kubeconfig.parse(parse(config!.content)).users[0]!.user).toEqual({ tokenFile: token!.path });
    expect(token!.content).toBe(`${webhookToken}\n`);
  });

  test.each(['kops', 'kops-s3'] as const)(
    'the cluster spec of %s warns of kops’ own AWS authentication',
    (format) => {
      expect(snippet(format, 'kops-cluster.yaml').content).toContain('the two cannot be combined');
    },
  );

  test('the hook of kops-s3 fetches each uploaded file before kubelet starts', () => {
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
