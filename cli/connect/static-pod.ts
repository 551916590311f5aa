/** An apiserver in a static pod that nobody generates: a JSON patch (RFC 6902) of its manifest. */
import { apiserverFlags, hostPaths, nodeFiles, yaml } from './connection.ts';
import type { Connection, Snippet } from './connection.ts';

/**
 * It appends to lists that every apiserver manifest has. Where the flags are in `args` and not in `command`, the
 * paths change accordingly; docs/connect-static-pod.md says so.
 */
const manifestPatch = (): string =>
  yaml([
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

/** The new manifest is made beside the folder and moved in: kubelet must never read half a file. */
const rollOut = `# On the first control-plane node only, beside the manifest folder: kubelet starts whatever lies in it.
cp /etc/kubernetes/manifests/kube-apiserver.yaml /root/kube-apiserver.before-countersign.yaml
kubectl patch --local -o yaml --type json --patch-file kube-apiserver-patch.yaml \\
  -f /etc/kubernetes/manifests/kube-apiserver.yaml > /etc/kubernetes/kube-apiserver.new.yaml
mv /etc/kubernetes/kube-apiserver.new.yaml /etc/kubernetes/manifests/kube-apiserver.yaml
# Prove this node as docs/connect-static-pod.md says, then go to the other nodes.
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
    title: 'Rolling it out: one node first, then the rest.',
    file: 'roll-out.sh',
    language: 'shell',
    secret: false,
    content: rollOut,
  },
];
