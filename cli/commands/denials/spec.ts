import { fieldHelp } from '../../../lib/records/field-help.ts';
import type { CommandSpec } from '../../spec.ts';
import {
  adminOptions,
  dryRun,
  force,
  forceUnreadable,
  jsonOrYaml,
  output,
  principalOptions,
  yes,
} from '../options.ts';

export const denialsCommand: CommandSpec = {
  name: 'denials',
  summary: 'principals that are denied, whatever their mappings',
  examples: ['countersign denials list'],
  commands: [
    {
      name: 'list',
      summary: 'list denials',
      options: [output, ...adminOptions],
      examples: ['countersign denials list'],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'add',
      summary: 'deny a principal on every cluster, at once',
      description:
        'A denial of a user covers the unique id wherever a mapping pins it. It does not reach the sessions of the roles that the user may assume: the command names what the table knows of the same person, and offers to deny that too. It asks only at a terminal; --also denies it without a question.',
      options: [
        ...principalOptions,
        { flags: '--session <name>', help: fieldHelp.denial.sessionName },
        { flags: '--principal-id <id>', help: fieldHelp.denial.principalId },
        { flags: '--access-key-id <id>', help: fieldHelp.denial.accessKeyId },
        { flags: '--reason <text>', help: fieldHelp.denial.reason, required: true },
        { flags: '--also', help: 'also deny what the table knows of the same person' },
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign denials add --arn arn:aws:iam::111122223333:user/bob --reason "left the company"',
        'countersign denials add --permission-set Admin --account 111122223333 --session bob@example.com --reason "laptop stolen"',
      ],
      load: async () => (await import('./add.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete a denial',
      arguments: [{ name: '<denial>', help: 'id of the denial, as listed' }],
      options: [dryRun, forceUnreadable, yes, ...adminOptions],
      examples: ['countersign denials delete YXJuOmF3czppYW0 --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
  ],
};
