/** RBAC objects (k8s.io/api rbac/v1) as far as our chart uses them, closed. */
import { byKind, closed, list, matching, name, oneOf, parserOf, text } from '../closed-schema.ts';

export interface RbacObject {
  readonly kind: 'ClusterRole' | 'ClusterRoleBinding' | 'RoleBinding';
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Fields of `metadata` that every object may have. */
export const metadata = {
  name: matching('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'),
  'labels?': { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
};
const apiGroup = oneOf('rbac.authorization.k8s.io');
const apiVersion = oneOf('rbac.authorization.k8s.io/v1');
const roleRef = closed({ apiGroup, kind: oneOf('ClusterRole'), name });
const subjects = list(closed({ apiGroup, kind: oneOf('Group'), name }), 1);

const kinds = [
  closed({
    apiVersion,
    kind: oneOf('ClusterRole'),
    metadata: closed(metadata),
    rules: list(
      closed({
        'apiGroups?': list(text),
        'resources?': list(text),
        'resourceNames?': list(text),
        'nonResourceURLs?': list(text),
        verbs: list(text, 1),
      }),
    ),
  }),
  closed({
    apiVersion,
    kind: oneOf('ClusterRoleBinding'),
    metadata: closed(metadata),
    roleRef,
    subjects,
  }),
  closed({
    apiVersion,
    kind: oneOf('RoleBinding'),
    metadata: closed({ ...metadata, namespace: text }),
    roleRef,
    subjects,
  }),
];

export const RbacObject = parserOf<RbacObject>(byKind(kinds));
