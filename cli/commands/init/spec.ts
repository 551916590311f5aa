import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, partition, reviewEndpoint } from '../options.ts';

export const initCommand: CommandSpec = {
  name: 'init',
  summary: "register a cluster and write its apiserver's webhook configuration",
  description:
    "Registers the cluster, or creates another webhook token if it is registered; prints the apiserver's flags. --offline needs no admin API: it prints the cluster record with the hash of the token, for countersign apply.",
  options: [
    cluster,
    { flags: '--output <file>', help: 'the webhook kubeconfig to write', default: 'webhook-kubeconfig.yaml' },
    {
      flags: '--token-file <file>',
      help: 'write the webhook token to a separate file, which the apiserver reads again when it changes',
    },
    { flags: '--offline', help: 'call nothing; print the record for apply' },
    {
      flags: '--format <format>',
      help: 'also write, beside --output, what these installers need',
      choices: ['static', 'kubeadm', 'kops', 'kops-s3'],
    },
    { flags: '--s3-prefix <url>', help: 'with kops-s3: location of the files, such as s3://bucket/prefix' },
    partition,
    { flags: '--set <name>', help: 'set that the cluster belongs to', repeat: 'commas' },
    {
      flags: '--certificate-authority <file>',
      help: 'PEM file of the authority of the review host, if it is private',
    },
    reviewEndpoint,
    ...adminOptions,
  ],
  examples: [
    'countersign init -i prod',
    'countersign init -i prod --token-file /etc/kubernetes/countersign.token --format kubeadm',
    'countersign init -i edge --offline --review-endpoint https://reviews.example.com > edge.yaml',
  ],
  load: async () => (await import('./init.ts')).run,
};
