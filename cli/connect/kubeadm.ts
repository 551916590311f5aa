/** Snippets for kubeadm: the files on each control-plane node, and the part of the ClusterConfiguration that names them. */
import { yamlOf } from '../../lib/json/write-yaml.ts';
import { apiserverFlags, hostPaths, nodeFiles } from './connection.ts';
import type { Connection, Snippet } from './connection.ts';

/** The folder is mounted, not the file: so the apiserver sees a token file that was replaced by rename. */
const extraVolumes = [
  {
    name: 'countersign',
    hostPath: hostPaths.directory,
    mountPath: hostPaths.directory,
    readOnly: true,
    pathType: 'Directory',
  },
];

const merge = '# Merge this into your ClusterConfiguration.\n';

/** kubeadm 1.31 and later: extra arguments are a list. */
const currentConfiguration = (): string =>
  merge +
  yamlOf({
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    apiServer: {
      extraArgs: Object.entries(apiserverFlags(hostPaths)).map(([name, value]) => ({ name, value })),
      extraVolumes,
    },
  });

/** kubeadm before 1.31: extra arguments are a map. */
const formerConfiguration = (): string =>
  merge +
  yamlOf({
    apiVersion: 'kubeadm.k8s.io/v1beta3',
    kind: 'ClusterConfiguration',
    apiServer: { extraArgs: apiserverFlags(hostPaths), extraVolumes },
  });

const rollOut = `# On the first control-plane node only. kubectl is used with admin.conf, whose client certificate needs no webhook.
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > cluster.yaml
# Merge the snippet into cluster.yaml, then back up and rewrite this node's manifest:
cp /etc/kubernetes/manifests/kube-apiserver.yaml /root/kube-apiserver.before-countersign.yaml
kubeadm init phase control-plane apiserver --config cluster.yaml
# Verify this node as docs/connect-kubeadm.md describes. Then store the configuration, and continue with the other nodes:
kubeadm init phase upload-config kubeadm --config cluster.yaml
`;

const snippet = (title: string, file: string, language: 'yaml' | 'shell', content: string): Snippet => ({
  title,
  file,
  language,
  secret: false,
  content,
});

export const renderKubeadm = (connection: Connection): readonly Snippet[] => [
  ...nodeFiles(connection, hostPaths).map(({ snippet }) => snippet),
  snippet('kubeadm 1.31 and later.', 'kubeadm-v1beta4.yaml', 'yaml', currentConfiguration()),
  snippet('kubeadm before 1.31.', 'kubeadm-v1beta3.yaml', 'yaml', formerConfiguration()),
  snippet('Commands for the roll-out: one node first, then the others.', 'roll-out.sh', 'shell', rollOut),
];
