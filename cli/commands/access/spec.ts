import type { CommandSpec } from '../../spec.ts';
import { adminOptions, optionalCluster } from '../options.ts';

export const accessCommand: CommandSpec = {
  name: 'access',
  summary: 'list who may enter: a cluster, or one principal everywhere',
  description: 'Each row is what a review would answer.',
  options: [
    { ...optionalCluster, conflicts: ['arn'] },
    { flags: '--arn <arn>', help: 'one principal, on every cluster' },
    {
      flags: '-o, --output <format>',
      help: 'output format',
      choices: ['table', 'json', 'yaml', 'csv'],
      default: 'table',
    },
    ...adminOptions,
  ],
  examples: [
    'countersign access -i prod',
    'countersign access -i prod -o csv > prod-access.csv',
    'countersign access --arn arn:aws:iam::111122223333:role/Admin',
  ],
  load: async () => (await import('./access.ts')).run,
};
