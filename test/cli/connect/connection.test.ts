/** What every installer needs: the webhook kubeconfig. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { webhookKubeconfig } from '../../../cli/connect/connection.ts';
import { connection, webhookToken } from '../../fixtures/connect-snippets.ts';
import { Kubeconfig } from '../../infra/support/kubernetes/control-plane.ts';

describe('the webhook kubeconfig', () => {
  test('the webhook kubeconfig names the review URL, with the cluster in its path and no query', () => {
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

  test('the webhook kubeconfig holds the authority of a host of your own', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const text = webhookKubeconfig({ ...connection, certificateAuthority: pem }, { tokenFile: '/t' });
    const { cluster } = Kubeconfig.parse(parse(text)).clusters[0]!;
    expect(Buffer.from(cluster['certificate-authority-data']!, 'base64').toString()).toBe(pem);
  });

  test('a cluster whose id YAML 1.1 reads as false is a string for the apiserver', () => {
    const text = webhookKubeconfig({ ...connection, clusterId: 'no' }, { tokenFile: '/t' });
    expect(Kubeconfig.parse(parse(text, { schema: 'yaml-1.1' })).users[0]!.name).toBe('no');
  });
});
