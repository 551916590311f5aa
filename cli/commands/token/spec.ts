import type { CommandSpec } from '../../spec.ts';
import { cluster, tokenOptions } from '../options.ts';

export const tokenCommand: CommandSpec = {
  name: 'token',
  summary: 'print a token for a cluster, as a kubectl exec plugin does',
  description:
    'Prints an ExecCredential in the version that KUBERNETES_EXEC_INFO asks for (v1 or v1beta1). Tokens are cached until they expire, each for the identity that is logged in: see "The token cache" in docs/cli.md.',
  options: [cluster, ...tokenOptions, { flags: '--token-only', help: 'print only the token' }],
  examples: [
    'countersign token -i prod',
    'countersign token -i prod -r arn:aws:iam::111122223333:role/KubernetesAdmin',
    'AWS_PROFILE=dev countersign token -i dev --token-only',
  ],
  load: async () => (await import('./token.ts')).run,
};
