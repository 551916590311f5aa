/** Snippets for kops: the files as `fileAssets` of the cluster spec, or fetched from S3 by a hook that runs before kubelet. */
import { yamlOf } from '../../lib/json/write-yaml.ts';
import { cacheTtl, nodeFiles, nodePathsIn } from './connection.ts';
import type { Connection, NodePaths, Snippet } from './connection.ts';

/** kops mounts /srv/kubernetes/kube-apiserver (in older releases all of /srv/kubernetes) into the apiserver. */
export const kopsPaths: NodePaths = nodePathsIn('/srv/kubernetes/kube-apiserver/countersign');

/** The cluster spec has no field for the webhook version: the apiserver keeps its default v1beta1, which Countersign supports. */
const kubeAPIServer = {
  authenticationTokenWebhookConfigFile: kopsPaths.kubeconfig,
  authenticationTokenWebhookCacheTtl: cacheTtl,
};

const warning = `# Merge this into the cluster spec (kops edit cluster). Leave spec.authentication unset: kops's own
# authentication.aws installs aws-iam-authenticator and sets the same apiserver flag; the two cannot be combined.
# kops before 1.26 calls the role Master instead of ControlPlane.
`;

const applyCommands = `kops edit cluster            # merge the snippet
kops update cluster          # check the preview: only control-plane launch templates and file assets change
kops update cluster --yes
kops get instancegroups      # pick ONE control-plane group for the first node
kops rolling-update cluster --instance-group control-plane-a --yes
# Verify that node as docs/connect-kops.md describes, then the others:
kops rolling-update cluster --instance-group-roles control-plane --yes
`;

const commands: Snippet = {
  title: 'Commands for the roll-out: one control-plane group first, then the others.',
  file: 'roll-out.sh',
  language: 'shell',
  secret: false,
  content: applyCommands,
};

/** The cluster spec contains the webhook token, so the kops state store must be protected like the token. */
export function renderKops(connection: Connection): readonly Snippet[] {
  const fileAssets = nodeFiles(connection, kopsPaths).map(({ path, snippet }) => ({
    name: `countersign-${snippet.file.replace(/\.yaml$/, '')}`,
    path,
    roles: ['ControlPlane'],
    mode: '0600',
    content: snippet.content,
  }));
  const spec: Snippet = {
    title: 'A part of the kops cluster spec.',
    file: 'kops-cluster.yaml',
    language: 'yaml',
    secret: true,
    content: warning + yamlOf({ spec: { fileAssets, kubeAPIServer } }),
  };
  return [spec, commands];
}

/** The cluster spec names a bucket only. The files are uploaded there, readable by the role of the control-plane nodes only. */
export function renderKopsS3(connection: Connection): readonly Snippet[] {
  const prefix = (connection.s3Prefix ?? `s3://YOUR-BUCKET/countersign/${connection.clusterId}`).replace(
    /\/+$/,
    '',
  );
  const files = nodeFiles(connection, kopsPaths);
  const hook = {
    name: 'countersign-webhook',
    roles: ['ControlPlane'],
    before: ['kubelet.service'],
    requires: ['network-online.target'],
    manifest: hookUnit(files.map(({ path, snippet }) => `${prefix}/${snippet.file} ${path}`)),
  };
  return [
    ...files.map(({ snippet }) => ({
      ...snippet,
      title: `${snippet.title} Upload it; the hook fetches it.`,
    })),
    {
      title: 'Commands that upload the files, encrypted; the control-plane role needs s3:GetObject on them.',
      file: 'upload.sh',
      language: 'shell',
      secret: false,
      content: files
        .map(({ snippet }) => `aws s3 cp --sse aws:kms ${snippet.file} ${prefix}/${snippet.file}\n`)
        .join(''),
    },
    {
      title: 'A part of the kops cluster spec. The machine image must have the AWS CLI.',
      file: 'kops-cluster.yaml',
      language: 'yaml',
      secret: false,
      content: warning + yamlOf({ spec: { hooks: [hook], kubeAPIServer } }),
    },
    commands,
  ];
}

/** The [Service] section of a systemd unit; kops writes the other sections. It is restarted until the network is up. */
const hookUnit = (copies: readonly string[]): string =>
  [
    'Type=oneshot',
    'RemainAfterExit=yes',
    'UMask=0077',
    'Restart=on-failure',
    'RestartSec=5',
    `ExecStartPre=/usr/bin/env mkdir -p ${kopsPaths.directory}`,
    ...copies.map((copy) => `ExecStart=/usr/bin/env aws s3 cp --only-show-errors ${copy}`),
    '',
  ].join('\n');
