/** Builds the cluster, the user and the context of a kubeconfig by which kubectl logs in with a token. */

/** The programs that kubectl can run to get a token. */
export const execClients = ['countersign', 'aws', 'aws-iam-authenticator'] as const;
export type ExecClient = (typeof execClients)[number];

/** How one user logs in to one cluster. */
export interface Login {
  readonly clusterId: string;
  /** https URL of the kube-apiserver. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly client: ExecClient;
  readonly context: string;
  readonly roleArn: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly namespace: string | undefined;
}

/** An entry of one of the three lists. */
export type Named = { readonly name: string } & Readonly<Record<string, unknown>>;

/** One entry for each of the three lists. */
export interface Entries {
  readonly clusters: Named;
  readonly users: Named;
  readonly contexts: Named;
}

const installHints: Readonly<Record<ExecClient, string>> = {
  countersign: 'Install it with: npm install --global countersign',
  aws: 'Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  'aws-iam-authenticator': 'Install it: https://github.com/kubernetes-sigs/aws-iam-authenticator/releases',
};

const option = (flag: string, value: string | undefined): string[] =>
  value === undefined ? [] : [flag, value];

function args({ client, clusterId, roleArn, region }: Login): string[] {
  const regionArgs = option('--region', region);
  if (client === 'aws') {
    return ['eks', 'get-token', '--cluster-name', clusterId, ...option('--role-arn', roleArn), ...regionArgs];
  }
  return ['token', '-i', clusterId, ...option('-r', roleArn), ...regionArgs];
}

/** `v1` needs kubectl 1.22; older versions of the other two clients return `v1beta1` only. */
const apiVersion = (client: ExecClient): string =>
  `client.authentication.k8s.io/${client === 'countersign' ? 'v1' : 'v1beta1'}`;

export const entriesOf = (login: Login): Entries => ({
  clusters: {
    name: login.clusterId,
    cluster: {
      server: login.server,
      'certificate-authority-data': Buffer.from(login.certificateAuthority).toString('base64'),
    },
  },
  users: {
    name: login.context,
    user: {
      exec: {
        apiVersion: apiVersion(login.client),
        command: login.client,
        args: args(login),
        ...(login.profile === undefined ? {} : { env: [{ name: 'AWS_PROFILE', value: login.profile }] }),
        installHint: installHints[login.client],
        interactiveMode: 'IfAvailable',
      },
    },
  },
  contexts: {
    name: login.context,
    context: {
      cluster: login.clusterId,
      user: login.context,
      ...(login.namespace === undefined ? {} : { namespace: login.namespace }),
    },
  },
});

/** A complete kubeconfig with these entries only. */
export const wholeKubeconfig = (entries: Entries): Readonly<Record<string, unknown>> => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [entries.clusters],
  users: [entries.users],
  contexts: [entries.contexts],
  'current-context': entries.contexts.name,
});
