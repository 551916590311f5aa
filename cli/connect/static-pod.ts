/** Snippets for an apiserver in a static pod whose manifest no installer generates: a JSON patch (RFC 6902) of the manifest. */
import { yamlOf } from '../../lib/json/write-yaml.ts';
import { apiserverFlags, hostPaths, nodeFiles } from './connection.ts';
import type { Connection, Snippet } from './connection.ts';

/**
 * It appends to lists that every apiserver manifest has. If a manifest has its flags in `args` instead of `command`, the
 * paths must be changed, as docs/connect-static-pod.md describes.
 */
const manifestPatch = (): string =>
  yamlOf([
    ...Object.entries(apiserverFlags(hostPaths)).map(([name, value]) => ({
      op: 'add',
      path: '/spec/containers/0/command/-',
      value: `--${name}=${value}`,
    })),
    {
      op: 'add',
      path: '/spec/containers/0/volumeMounts/-',
      value: { name: 'countersign', mountPath: hostPaths.directory, readOnly: true },
    },
    {
      op: 'add',
      path: '/spec/volumes/-',
      value: { name: 'countersign', hostPath: { path: hostPaths.directory, type: 'Directory' } },
    },
  ]);

/** The new manifest is written beside the folder and moved in: kubelet must not read an incomplete file. */
const rollOut = `# On the first control-plane node only. Copies must be outside the manifest folder: kubelet starts every file in it.
cp /etc/kubernetes/manifests/kube-apiserver.yaml /root/kube-apiserver.before-countersign.yaml
kubectl patch --local -o yaml --type json --patch-file kube-apiserver-patch.yaml \\
  -f /etc/kubernetes/manifests/kube-apiserver.yaml > /etc/kubernetes/kube-apiserver.new.yaml
mv /etc/kubernetes/kube-apiserver.new.yaml /etc/kubernetes/manifests/kube-apiserver.yaml
# Verify this node as docs/connect-static-pod.md describes, then continue with the other nodes.
`;

export const renderStaticPod = (connection: Connection): readonly Snippet[] => [
  ...nodeFiles(connection, hostPaths).map(({ snippet }) => snippet),
  {
    title: "A JSON patch of the apiserver's manifest.",
    file: 'kube-apiserver-patch.yaml',
    language: 'yaml',
    secret: false,
    content: manifestPatch(),
  },
  {
    title: 'Commands for the roll-out: one node first, then the others.',
    file: 'roll-out.sh',
    language: 'shell',
    secret: false,
    content: rollOut,
  },
];
