/** The exec plugin protocol of kubectl. Source: client.authentication.k8s.io/v1 and v1beta1. */
import type { Instant } from '../../lib/errors.ts';
import { failure } from '../exit.ts';

const group = 'client.authentication.k8s.io';

/** The `apiVersion` that kubectl requests in `KUBERNETES_EXEC_INFO`; v1beta1 by default. @throws CliFailure for any other */
export function execApiVersion(execInfo: string | undefined): `${typeof group}/${'v1' | 'v1beta1'}` {
  const fallback = `${group}/v1beta1` as const;
  if (!execInfo) return fallback;
  const asked = apiVersionIn(execInfo);
  if (asked === undefined || asked === fallback) return fallback;
  if (asked === `${group}/v1`) return asked;
  throw failure(
    `KUBERNETES_EXEC_INFO asks for ${JSON.stringify(asked)}: set the exec plugin's apiVersion in the kubeconfig to ${fallback} or ${group}/v1.`,
  );
}

function apiVersionIn(execInfo: string): unknown {
  try {
    const info: unknown = JSON.parse(execInfo);
    return typeof info === 'object' && info !== null && 'apiVersion' in info ? info.apiVersion : undefined;
  } catch (error) {
    throw failure('KUBERNETES_EXEC_INFO is not JSON: unset it, or let kubectl set it.', error);
  }
}

/** The JSON text of an ExecCredential, which kubectl reads from stdout. */
export const execCredential = (apiVersion: string, token: string, expiresAt: Instant): string =>
  JSON.stringify({
    kind: 'ExecCredential',
    apiVersion,
    spec: {},
    status: {
      // Kubernetes' metav1.Time has no fractions of a second.
      expirationTimestamp: `${new Date(expiresAt).toISOString().slice(0, 19)}Z`,
      token,
    },
  });
