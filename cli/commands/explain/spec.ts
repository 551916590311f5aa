import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, output } from '../options.ts';

export const explainCommand: CommandSpec = {
  name: 'explain',
  summary: 'explain what a review would answer for a principal, and why',
  description:
    'Shows every entry that matched and what it grants, and near misses. Exit code 3: the cluster denies access.',
  options: [
    cluster,
    { flags: '--arn <arn>', help: 'ARN of a role, a user or a session', required: true },
    { flags: '--principal-id <id>', help: 'unique id: AROA…, AIDA…' },
    { flags: '--session <name>', help: 'session name of a role' },
    { flags: '--access-key-id <id>', help: 'access key: AKIA…, ASIA…' },
    output,
    ...adminOptions,
  ],
  examples: [
    'countersign explain -i prod --arn arn:aws:iam::111122223333:user/alice',
    'countersign explain -i prod --arn arn:aws:sts::111122223333:assumed-role/Admin/bob -o yaml',
  ],
  load: async () => (await import('./explain.ts')).run,
};
