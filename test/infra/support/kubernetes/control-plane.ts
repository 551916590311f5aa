/**
 * The parts of the kubeconfig, kops and kubeadm types that our snippets use, closed, so that a field which those types do
 * not have is found. Sources: kops pkg/apis/kops/v1alpha2 (cluster.go, componentconfig.go), kubeadm's v1beta3 and v1beta4
 * types, client-go's clientcmd/api/v1.
 */
import {
  absolutePath,
  boolean,
  closed,
  list,
  matching,
  oneOf,
  parserOf,
  text,
  textByName,
} from '../closed-schema.ts';
import type { Schema } from '../closed-schema.ts';

export interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
  readonly users: readonly {
    readonly name: string;
    readonly user: { readonly token: string } | { readonly tokenFile: string };
  }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly 'current-context': string;
}

export const Kubeconfig = parserOf<Kubeconfig>(
  closed({
    apiVersion: oneOf('v1'),
    kind: oneOf('Config'),
    clusters: list(
      closed({
        name: text,
        cluster: closed({
          server: matching('^https?://[^/?#\\s]+'),
          'certificate-authority-data?': matching(
            '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
          ),
        }),
      }),
    ),
    users: list(
      closed({ name: text, user: { anyOf: [closed({ token: text }), closed({ tokenFile: absolutePath })] } }),
    ),
    contexts: list(closed({ name: text, context: closed({ cluster: text, user: text }) })),
    'current-context': text,
  }),
);

export interface KopsCluster {
  readonly spec: {
    readonly fileAssets?: readonly { readonly path: string; readonly content: string }[];
    readonly hooks?: readonly { readonly before: readonly string[]; readonly manifest: string }[];
    readonly kubeAPIServer: { readonly authenticationTokenWebhookConfigFile: string };
  };
}

const roles = list(oneOf('ControlPlane', 'Node', 'Bastion', 'APIServer'));

/** A part of a kops Cluster, to be merged into its spec. */
export const KopsCluster = parserOf<KopsCluster>(
  closed({
    spec: closed({
      'fileAssets?': list(
        closed({
          name: text,
          path: absolutePath,
          roles,
          mode: matching('^0[0-7]{3}$'),
          content: text,
          'isBase64?': boolean,
        }),
      ),
      'hooks?': list(
        closed({
          name: text,
          roles,
          before: list(matching('\\.service$')),
          requires: list(matching('\\.(?:service|target)$')),
          manifest: text,
        }),
      ),
      kubeAPIServer: closed({
        authenticationTokenWebhookConfigFile: absolutePath,
        authenticationTokenWebhookCacheTtl: matching('^(\\d+h)?(\\d+m)?(\\d+s)?$'),
      }),
    }),
  }),
);

interface ClusterConfiguration<ExtraArgs> {
  readonly apiServer: {
    readonly extraArgs: ExtraArgs;
    readonly extraVolumes: readonly { readonly mountPath: string }[];
  };
}

const extraVolumes = list(
  closed({
    name: text,
    hostPath: absolutePath,
    mountPath: absolutePath,
    readOnly: boolean,
    pathType: oneOf('', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate'),
  }),
);
const kubeadm = <ExtraArgs>(version: string, extraArgs: Schema) =>
  parserOf<ClusterConfiguration<ExtraArgs>>(
    closed({
      apiVersion: oneOf(`kubeadm.k8s.io/${version}`),
      kind: oneOf('ClusterConfiguration'),
      apiServer: closed({ extraArgs, extraVolumes }),
    }),
  );
export const ClusterConfigurationV1Beta4 = kubeadm<
  readonly { readonly name: string; readonly value: string }[]
>('v1beta4', list(closed({ name: text, value: text })));
export const ClusterConfigurationV1Beta3 = kubeadm<Readonly<Record<string, string>>>('v1beta3', textByName);

/** RFC 6902, additions only. */
export const JsonPatch = parserOf<readonly { readonly path: string; readonly value: unknown }[]>(
  list(closed({ op: oneOf('add'), path: matching('^/spec/'), value: {} })),
);
