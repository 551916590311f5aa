import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, output, reviewEndpoint, tokenOptions } from '../options.ts';

export const whoamiCommand: CommandSpec = {
  name: 'whoami',
  summary: 'show who you are on a cluster, or why it does not let you in',
  description: 'Asks the review host with a token of yours. Exit code 3: the cluster says no.',
  options: [cluster, ...tokenOptions, reviewEndpoint, ...adminOptions, output],
  examples: [
    'countersign whoami -i prod',
    'countersign whoami -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin -o json',
  ],
  load: async () => (await import('./whoami.ts')).run,
};
