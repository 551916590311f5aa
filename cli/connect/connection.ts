/** The webhook kubeconfig, flags and files by which any installer connects a cluster's apiservers. Pure: text in, text out. */
import { yamlOf } from '../../lib/json/write-yaml.ts';

export const connectFormats = ['kops', 'kops-s3', 'kubeadm', 'static'] as const;
/** `kops-s3` fetches the files from a bucket before kubelet starts, as older kops guides do. */
export type ConnectFormat = (typeof connectFormats)[number];

export interface Connection {
  readonly clusterId: string;
  /** https URL of the review endpoint with its stage, such as `https://….amazonaws.com/prod`; no query. */
  readonly reviewEndpoint: string;
  /** The cluster's webhook token, a secret. Every snippet that holds it is marked `secret`. */
  readonly webhookToken: string;
  /** Writes the token to a file of its own, which the apiserver reads again: it is rotated without a restart. Default: false. */
  readonly separateToken?: boolean;
  /** PEM of the authority that signed the endpoint's certificate; only for `countersign serve`. */
  readonly certificateAuthority?: string;
  /** `kops-s3` only: the folder of the uploaded files, such as `s3://bucket/prefix`. Default: a placeholder. */
  readonly s3Prefix?: string;
}

export interface Snippet {
  /** What it is and where to put it, in one sentence. */
  readonly title: string;
  /** The file name to save it by, without a folder. */
  readonly file: string;
  readonly language: 'yaml' | 'shell' | 'text';
  /** Whether it holds the webhook token. If so, save it with mode 0600, and never log it. */
  readonly secret: boolean;
  readonly content: string;
}

/** The paths of the files on a control-plane node, as the apiserver sees them. */
export interface NodePaths {
  readonly directory: string;
  readonly kubeconfig: string;
  readonly tokenFile: string;
}

export const nodePathsIn = (directory: string): NodePaths => ({
  directory,
  kubeconfig: `${directory}/webhook-kubeconfig.yaml`,
  tokenFile: `${directory}/webhook-token`,
});

/** For apiservers that run as static pods: beside kubeadm's own files, in a folder that is mounted as a whole. */
export const hostPaths = nodePathsIn('/etc/kubernetes/countersign');

/** How long the apiserver caches an answer. It is the apiserver's default, explicit here because revocation waits for it. */
export const cacheTtl = '2m0s';

/**
 * The apiserver's flags by name, without dashes. The version `v1` is explicit because the apiserver's default is still
 * `v1beta1`, which Countersign supports as well.
 */
export const apiserverFlags = (paths: Pick<NodePaths, 'kubeconfig'>): Readonly<Record<string, string>> => ({
  'authentication-token-webhook-config-file': paths.kubeconfig,
  'authentication-token-webhook-version': 'v1',
  'authentication-token-webhook-cache-ttl': cacheTtl,
});

/** `…/v1/clusters/<id>/tokenreviews`: client-go drops a query string, so the cluster id is in the path. */
const reviewUrl = (connection: Pick<Connection, 'clusterId' | 'reviewEndpoint'>): string =>
  `${connection.reviewEndpoint.replace(/\/+$/, '')}/v1/clusters/${connection.clusterId}/tokenreviews`;

/** How the apiserver proves which cluster it is: the token itself, or the path of a file that holds it. */
export type WebhookCredential = { readonly token: string } | { readonly tokenFile: string };

/** The kubeconfig that `--authentication-token-webhook-config-file` names. */
export function webhookKubeconfig(
  connection: Pick<Connection, 'clusterId' | 'reviewEndpoint' | 'certificateAuthority'>,
  credential: WebhookCredential,
): string {
  const authority =
    connection.certificateAuthority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(connection.certificateAuthority).toString('base64') };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'countersign', cluster: { server: reviewUrl(connection), ...authority } }],
    users: [{ name: connection.clusterId, user: credential }],
    contexts: [{ name: 'webhook', context: { cluster: 'countersign', user: connection.clusterId } }],
    'current-context': 'webhook',
  };
  return yamlOf(document);
}

/** The files that each control-plane node needs, and their paths on the node. */
export function nodeFiles(
  connection: Connection,
  paths: NodePaths,
): readonly { readonly path: string; readonly snippet: Snippet }[] {
  const separate = connection.separateToken === true;
  const credential = separate ? { tokenFile: paths.tokenFile } : { token: connection.webhookToken };
  const kubeconfig: Snippet = {
    title: `The webhook kubeconfig: ${paths.kubeconfig} on every control-plane node, mode 0600, owner root.`,
    file: 'webhook-kubeconfig.yaml',
    language: 'yaml',
    secret: !separate,
    content: webhookKubeconfig(connection, credential),
  };
  if (!separate) return [{ path: paths.kubeconfig, snippet: kubeconfig }];
  const token: Snippet = {
    title: `The webhook token: ${paths.tokenFile} on every control-plane node, mode 0600, owner root.`,
    file: 'webhook-token',
    language: 'text',
    secret: true,
    content: `${connection.webhookToken}\n`,
  };
  return [
    { path: paths.kubeconfig, snippet: kubeconfig },
    { path: paths.tokenFile, snippet: token },
  ];
}
