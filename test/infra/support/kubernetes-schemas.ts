/**
 * What we claim that our files are: the parts of the kops, kubeadm and Kubernetes types that they use, closed, so that a
 * field which those types do not have is found. Sources: kops pkg/apis/kops/v1alpha2 (cluster.go, componentconfig.go),
 * kubeadm's v1beta3 and v1beta4 types, client-go's clientcmd/api/v1, k8s.io/api core/v1, apps/v1 and rbac/v1.
 */
import * as z from 'zod';

const mode = z.string().regex(/^0[0-7]{3}$/);
const absolute = z.string().startsWith('/');
const duration = z.string().regex(/^(\d+h)?(\d+m)?(\d+s)?$/);

export const Kubeconfig = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Config'),
  clusters: z.array(
    z.strictObject({
      name: z.string(),
      cluster: z.strictObject({ server: z.url(), 'certificate-authority-data': z.base64().optional() }),
    }),
  ),
  users: z.array(
    z.strictObject({
      name: z.string(),
      user: z.union([z.strictObject({ token: z.string() }), z.strictObject({ tokenFile: absolute })]),
    }),
  ),
  contexts: z.array(
    z.strictObject({ name: z.string(), context: z.strictObject({ cluster: z.string(), user: z.string() }) }),
  ),
  'current-context': z.string(),
});

/** A part of a kops Cluster, to be merged into its spec. */
export const KopsCluster = z.strictObject({
  spec: z.strictObject({
    fileAssets: z
      .array(
        z.strictObject({
          name: z.string(),
          path: absolute,
          roles: z.array(z.enum(['ControlPlane', 'Node', 'Bastion', 'APIServer'])),
          mode,
          content: z.string(),
          isBase64: z.boolean().optional(),
        }),
      )
      .optional(),
    hooks: z
      .array(
        z.strictObject({
          name: z.string(),
          roles: z.array(z.enum(['ControlPlane', 'Node', 'Bastion', 'APIServer'])),
          before: z.array(z.string().endsWith('.service')),
          requires: z.array(z.string().regex(/\.(?:service|target)$/)),
          manifest: z.string(),
        }),
      )
      .optional(),
    kubeAPIServer: z.strictObject({
      authenticationTokenWebhookConfigFile: absolute,
      authenticationTokenWebhookCacheTtl: duration,
    }),
  }),
});

const extraVolumes = z.array(
  z.strictObject({
    name: z.string(),
    hostPath: absolute,
    mountPath: absolute,
    readOnly: z.boolean(),
    pathType: z.enum(['', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate']),
  }),
);
const kubeadm = <V extends string, A extends z.ZodType>(version: V, extraArgs: A) =>
  z.strictObject({
    apiVersion: z.literal(`kubeadm.k8s.io/${version}`),
    kind: z.literal('ClusterConfiguration'),
    apiServer: z.strictObject({ extraArgs, extraVolumes }),
  });
export const ClusterConfigurationV1Beta4 = kubeadm(
  'v1beta4',
  z.array(z.strictObject({ name: z.string(), value: z.string() })),
);
export const ClusterConfigurationV1Beta3 = kubeadm('v1beta3', z.record(z.string(), z.string()));

/** RFC 6902, additions only. */
export const JsonPatch = z.array(
  z.strictObject({ op: z.literal('add'), path: z.string().startsWith('/spec/'), value: z.unknown() }),
);

const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string().max(63)).optional(),
});
const roleRef = z.strictObject({
  apiGroup: z.literal('rbac.authorization.k8s.io'),
  kind: z.literal('ClusterRole'),
  name: z.string().min(1),
});
const subjects = z
  .array(
    z.strictObject({
      apiGroup: z.literal('rbac.authorization.k8s.io'),
      kind: z.literal('Group'),
      name: z.string().min(1),
    }),
  )
  .min(1);
const apiVersion = z.literal('rbac.authorization.k8s.io/v1');
const words = z.array(z.string()).optional();

export const RbacObject = z.discriminatedUnion('kind', [
  z.strictObject({
    apiVersion,
    kind: z.literal('ClusterRole'),
    metadata: metadata.omit({ namespace: true }),
    rules: z.array(
      z.strictObject({
        apiGroups: words,
        resources: words,
        resourceNames: words,
        nonResourceURLs: words,
        verbs: z.array(z.string()).min(1),
      }),
    ),
  }),
  z.strictObject({
    apiVersion,
    kind: z.literal('ClusterRoleBinding'),
    metadata: metadata.omit({ namespace: true }),
    roleRef,
    subjects,
  }),
  z.strictObject({
    apiVersion,
    kind: z.literal('RoleBinding'),
    metadata: metadata.required({ namespace: true }),
    roleRef,
    subjects,
  }),
]);

const securityContext = z.strictObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.int().optional(),
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.array(z.literal('ALL')), add: z.array(z.string()).optional() }),
});
const volumeMounts = z.array(
  z.strictObject({ name: z.string(), mountPath: absolute, readOnly: z.boolean().optional() }),
);
const probe = z.strictObject({
  httpGet: z.strictObject({
    host: z.string(),
    path: absolute,
    port: z.int(),
    scheme: z.enum(['HTTP', 'HTTPS']),
  }),
  periodSeconds: z.int().optional(),
  initialDelaySeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});
const amounts = z.strictObject({ cpu: z.string().optional(), memory: z.string().optional() });
const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) })).optional(),
  resources: z.strictObject({ requests: amounts, limits: amounts }).optional(),
  securityContext,
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  volumeMounts,
});
const labelled = metadata.extend({ annotations: z.record(z.string(), z.string()).optional() });

export const HostObject = z.discriminatedUnion('kind', [
  z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('Namespace'), metadata }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ServiceAccount'),
    metadata,
    automountServiceAccountToken: z.boolean(),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ConfigMap'),
    metadata,
    data: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('DaemonSet'),
    metadata,
    spec: z.strictObject({
      selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
      updateStrategy: z.strictObject({
        type: z.literal('RollingUpdate'),
        rollingUpdate: z.strictObject({ maxUnavailable: z.int() }),
      }),
      template: z.strictObject({
        metadata: labelled.omit({ name: true }),
        spec: z.strictObject({
          serviceAccountName: z.string(),
          automountServiceAccountToken: z.boolean(),
          priorityClassName: z.string(),
          hostNetwork: z.boolean(),
          dnsPolicy: z.enum(['Default', 'ClusterFirst', 'ClusterFirstWithHostNet', 'None']),
          nodeSelector: z.record(z.string(), z.string()),
          tolerations: z.array(z.strictObject({ operator: z.enum(['Exists', 'Equal']) })),
          terminationGracePeriodSeconds: z.int(),
          securityContext: z.strictObject({
            runAsNonRoot: z.boolean(),
            runAsUser: z.int(),
            runAsGroup: z.int(),
            fsGroup: z.int(),
            seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
          }),
          initContainers: z.array(container),
          containers: z.array(container),
          volumes: z.array(
            z.strictObject({
              name: z.string(),
              hostPath: z.strictObject({ path: absolute, type: z.string() }),
            }),
          ),
        }),
      }),
    }),
  }),
]);
