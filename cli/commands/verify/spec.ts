import type { CommandSpec } from '../../spec.ts';
import { cluster, output, partition } from '../options.ts';

export const verifyCommand: CommandSpec = {
  name: 'verify',
  summary: 'ask AWS STS, from this machine, whose a token is',
  description:
    'Checks the token as the server does and asks STS, without mappings. Without -t, the token is read from stdin. Exit code 3: the token is refused.',
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
  load: async () => (await import('./verify.ts')).run,
};
