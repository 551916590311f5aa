import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, output, reviewEndpoint, tokenOptions } from '../options.ts';

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'find out why a login does not work',
  description:
    'Checks your credentials, clock, role, token, the verdict of the cluster with its reason, your kubeconfig and the token cache: one line each, with the remedy. Exit code 3: something is wrong.',
  options: [
    cluster,
    ...tokenOptions,
    reviewEndpoint,
    ...adminOptions,
    { flags: '--kubeconfig <file>', help: 'kubeconfig to check (default: KUBECONFIG, ~/.kube/config)' },
    { flags: '--context <name>', help: 'its context (default: one that logs in to the cluster)' },
    output,
  ],
  examples: [
    'countersign doctor -i prod',
    'countersign doctor -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin --context prod-admin',
  ],
  load: async () => (await import('./doctor.ts')).run,
};
