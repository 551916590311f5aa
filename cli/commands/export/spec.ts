import type { CommandSpec } from '../../spec.ts';
import { adminOptions, jsonOrYaml, optionalCluster } from '../options.ts';

export const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'print everything as a desired state, or a cluster for EKS',
  description:
    'A desired state leaves out the mappings of the group sync, which creates them again. The formats of EKS include them; what EKS cannot hold is reported on stderr. If a record cannot be read, nothing is exported and the record is named.',
  options: [
    {
      flags: '--format <format>',
      help: 'a desired state for apply, the aws-auth ConfigMap, or access entries of EKS',
      choices: ['desired-state', 'aws-auth', 'eks-access-entries'],
      default: 'desired-state',
    },
    { ...optionalCluster, help: 'the cluster, for the formats of EKS' },
    jsonOrYaml,
    ...adminOptions,
  ],
  examples: [
    'countersign export > fleet.yaml',
    'countersign export --format aws-auth -i prod > aws-auth.yaml',
  ],
  load: async () => (await import('./export.ts')).run,
};
