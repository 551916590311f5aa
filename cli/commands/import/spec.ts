import type { CommandSpec } from '../../spec.ts';
import { jsonOrYaml } from '../options.ts';

export const importCommand: CommandSpec = {
  name: 'import',
  summary: 'turn an aws-auth ConfigMap or a configuration of aws-iam-authenticator into a desired state',
  description:
    'Prints the desired state on stdout, for plan and apply, and what needs a look on stderr. Calls nothing.',
  arguments: [{ name: '<file>', help: 'the file; - is stdin' }],
  options: [
    {
      flags: '--from <kind>',
      help: 'what the file is',
      choices: ['aws-auth', 'authenticator'],
      required: true,
    },
    { flags: '-i, --cluster-id <id>', help: 'the cluster that the mappings are for', conflicts: ['scope'] },
    { flags: '--scope <scope>', help: 'or their scope: cluster/<id>, set/<name> or all' },
    jsonOrYaml,
  ],
  examples: [
    'kubectl get configmap aws-auth -n kube-system -o yaml | countersign import --from aws-auth -i prod -',
    'countersign import --from authenticator -i prod config.yaml > prod.yaml',
  ],
  load: async () => (await import('./import.ts')).run,
};
