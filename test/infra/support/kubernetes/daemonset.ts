/** The objects of infra/kubernetes/serve-daemonset.yaml (k8s.io/api core/v1 and apps/v1), closed. */
import {
  absolutePath,
  boolean,
  byKind,
  closed,
  integer,
  list,
  oneOf,
  parserOf,
  text,
  textByName,
} from '../closed-schema.ts';
import { metadata } from './rbac.ts';

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}
interface Container {
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom: { readonly configMapKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly args?: readonly string[];
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
  readonly readinessProbe?: { readonly httpGet: { readonly host: string; readonly port: number } };
  readonly volumeMounts: readonly { readonly name: string }[];
}
interface DaemonSet {
  readonly kind: 'DaemonSet';
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: {
        readonly hostNetwork: boolean;
        readonly initContainers: readonly Container[];
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}
export type HostObject =
  | DaemonSet
  | {
      readonly kind: 'Namespace' | 'ServiceAccount' | 'ConfigMap';
      readonly metadata: Metadata;
      readonly data?: Readonly<Record<string, string>>;
    };

const securityContext = closed({
  'runAsNonRoot?': boolean,
  'runAsUser?': integer,
  allowPrivilegeEscalation: { const: false },
  readOnlyRootFilesystem: { const: true },
  capabilities: closed({ drop: list(oneOf('ALL')), 'add?': list(text) }),
});
const probe = closed({
  httpGet: closed({ host: text, path: absolutePath, port: integer, scheme: oneOf('HTTP', 'HTTPS') }),
  'periodSeconds?': integer,
  'initialDelaySeconds?': integer,
  'failureThreshold?': integer,
});
const amounts = closed({ 'cpu?': text, 'memory?': text });
const container = closed({
  name: text,
  image: text,
  'command?': list(text),
  'args?': list(text),
  'env?': list(
    closed({ name: text, valueFrom: closed({ configMapKeyRef: closed({ name: text, key: text }) }) }),
  ),
  'resources?': closed({ requests: amounts, limits: amounts }),
  securityContext,
  'readinessProbe?': probe,
  'livenessProbe?': probe,
  volumeMounts: list(closed({ name: text, mountPath: absolutePath, 'readOnly?': boolean })),
});
const podSpec = closed({
  serviceAccountName: text,
  automountServiceAccountToken: boolean,
  priorityClassName: text,
  hostNetwork: boolean,
  dnsPolicy: oneOf('Default', 'ClusterFirst', 'ClusterFirstWithHostNet', 'None'),
  nodeSelector: textByName,
  tolerations: list(closed({ operator: oneOf('Exists', 'Equal') })),
  terminationGracePeriodSeconds: integer,
  securityContext: closed({
    runAsNonRoot: boolean,
    runAsUser: integer,
    runAsGroup: integer,
    fsGroup: integer,
    seccompProfile: closed({ type: oneOf('RuntimeDefault') }),
  }),
  initContainers: list(container),
  containers: list(container),
  volumes: list(closed({ name: text, hostPath: closed({ path: absolutePath, type: text }) })),
});

const identity = closed({ ...metadata, 'namespace?': text });
const { name: _, ...unnamed } = metadata;

export const HostObject = parserOf<HostObject>(
  byKind([
    closed({ apiVersion: oneOf('v1'), kind: oneOf('Namespace'), metadata: identity }),
    closed({
      apiVersion: oneOf('v1'),
      kind: oneOf('ServiceAccount'),
      metadata: identity,
      automountServiceAccountToken: boolean,
    }),
    closed({ apiVersion: oneOf('v1'), kind: oneOf('ConfigMap'), metadata: identity, data: textByName }),
    closed({
      apiVersion: oneOf('apps/v1'),
      kind: oneOf('DaemonSet'),
      metadata: identity,
      spec: closed({
        selector: closed({ matchLabels: textByName }),
        updateStrategy: closed({
          type: oneOf('RollingUpdate'),
          rollingUpdate: closed({ maxUnavailable: integer }),
        }),
        template: closed({
          metadata: closed({ ...unnamed, 'namespace?': text, 'annotations?': textByName }),
          spec: podSpec,
        }),
      }),
    }),
  ]),
);
