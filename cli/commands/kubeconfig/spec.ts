import type { CommandSpec } from '../../spec.ts';
import { cluster } from '../options.ts';

export const kubeconfigCommand: CommandSpec = {
  name: 'kubeconfig',
  summary: 'write a kubeconfig whose user logs in with AWS credentials',
  description:
    'Prints it, or with --merge adds it to your kubeconfig (KUBECONFIG, ~/.kube/config) and keeps the rest of that file, comments included.',
  options: [
    cluster,
    { flags: '--server <url>', help: 'the kube-apiserver: https, or http on loopback', required: true },
    {
      flags: '--certificate-authority <file>',
      help: "PEM file of the apiserver's authority; it is embedded",
      required: true,
    },
    { flags: '-r, --role <arn>', help: 'role that kubectl assumes' },
    {
      flags: '--exec <client>',
      help: 'the exec plugin',
      choices: ['countersign', 'aws', 'aws-iam-authenticator'],
      default: 'countersign',
    },
    { flags: '--region <region>', help: 'region of the STS host, for the plugin' },
    { flags: '--context <name>', help: 'name of the context (default: the cluster id)' },
    { flags: '--profile <name>', help: 'AWS profile, given to the plugin as AWS_PROFILE' },
    { flags: '--namespace <name>', help: 'namespace of the context' },
    { flags: '--merge', help: 'add it to the kubeconfig file' },
    { flags: '--kubeconfig <file>', help: 'the file to merge into' },
    { flags: '--no-current-context', help: 'with --merge: do not make it the current context' },
    {
      flags: '-y, --yes',
      help: 'with --merge: replace entries of the same name that have other settings',
    },
  ],
  examples: [
    'countersign kubeconfig -i prod --server https://prod.example.com:6443 --certificate-authority ca.pem --merge',
    'countersign kubeconfig -i dev --server https://dev.example.com:6443 --certificate-authority ca.pem --profile dev --exec aws > dev.yaml',
  ],
  load: async () => (await import('./kubeconfig.ts')).run,
};
