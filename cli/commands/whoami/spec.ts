import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, output, reviewEndpoint, tokenOptions } from '../options.ts';

export const whoamiCommand: CommandSpec = {
  name: 'whoami',
  summary: 'show who you are on a cluster, or why it denies access',
  description: 'Sends a token of yours to the review host. Exit code 3: the cluster denies access.',
  options: [cluster, ...tokenOptions, reviewEndpoint, ...adminOptions, output],
  examples: [
    'countersign whoami -i prod',
    'countersign whoami -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin -o json',
  ],
  load: async () => (await import('./whoami.ts')).run,
};
