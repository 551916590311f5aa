import { describe, expect, test } from 'vitest';
import { apiserverFlags, hostPaths } from '../../../cli/connect/connection.ts';
import { parsed } from '../../fixtures/connect-snippets.ts';
import {
  ClusterConfigurationV1Beta3,
  ClusterConfigurationV1Beta4,
} from '../../infra/support/kubernetes/control-plane.ts';

describe('kubeadm', () => {
  test('both versions of the ClusterConfiguration of kubeadm have the same flags and mounts', () => {
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
