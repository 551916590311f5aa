/** For engineers who want to get in, or to know why they do not. */
import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, output, partition, reviewEndpoint, tokenOptions } from '../options.ts';

const token: CommandSpec = {
  name: 'token',
  summary: 'print a token for a cluster, as a kubectl exec plugin does',
  description:
    'Prints an ExecCredential in the version that KUBERNETES_EXEC_INFO asks for (v1 or v1beta1). Tokens are kept until they expire.',
  options: [cluster, ...tokenOptions, { flags: '--token-only', help: 'print the token alone' }],
  examples: [
    'countersign token -i prod',
    'countersign token -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin',
    'AWS_PROFILE=dev countersign token -i dev --token-only',
  ],
  load: async () => (await import('../token/token.ts')).run,
};

const whoami: CommandSpec = {
  name: 'whoami',
  summary: 'show who you are on a cluster, or why it does not let you in',
  description: 'Asks the review host with a token of yours. Exit code 3: the cluster says no.',
  options: [cluster, ...tokenOptions, reviewEndpoint, ...adminOptions, output],
  examples: [
    'countersign whoami -i prod',
    'countersign whoami -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin -o json',
  ],
  load: async () => (await import('../whoami/whoami.ts')).run,
};

const verify: CommandSpec = {
  name: 'verify',
  summary: 'ask AWS STS from here who a token belongs to',
  description:
    'Checks the token as the server does and asks STS. Mappings are not looked at. Without -t the token is read from stdin. Exit code 3: it is refused.',
  options: [
    cluster,
    { flags: '-t, --token <token>', help: 'the token (default: stdin)' },
    { ...partition, default: 'aws' },
    output,
  ],
  examples: [
    'countersign token -i prod --token-only | countersign verify -i prod',
    'aws eks get-token --cluster-name prod | jq -r .status.token | countersign verify -i prod -o json',
  ],
  load: async () => (await import('../verify/verify.ts')).run,
};

const doctor: CommandSpec = {
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
  load: async () => (await import('../doctor/doctor.ts')).run,
};

const kubeconfig: CommandSpec = {
  name: 'kubeconfig',
  summary: 'write a kubeconfig whose user logs in with AWS credentials',
  description:
    'Prints it, or with --merge adds it to your kubeconfig (KUBECONFIG, ~/.kube/config) and leaves the rest of that file as it is, comments included.',
  options: [
    cluster,
    { flags: '--server <url>', help: 'the kube-apiserver', required: true },
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
      help: 'with --merge: replace entries of the same name that are for something else',
    },
  ],
  examples: [
    'countersign kubeconfig -i prod --server https://prod.example.com:6443 --certificate-authority ca.pem --merge',
    'countersign kubeconfig -i dev --server https://dev.example.com:6443 --certificate-authority ca.pem --profile dev --exec aws > dev.yaml',
  ],
  load: async () => (await import('./kubeconfig.ts')).run,
};

export const everyday: readonly CommandSpec[] = [token, whoami, verify, doctor, kubeconfig];
