import { fieldHelp } from '../../../lib/records/field-help.ts';
import type { CommandSpec } from '../../spec.ts';
import {
  adminOptions,
  dryRun,
  file,
  force,
  forceUnreadable,
  jsonOrYaml,
  output,
  scope,
  yes,
} from '../options.ts';

const bindingId = { name: '<binding>', help: fieldHelp.binding.id };

export const bindingsCommand: CommandSpec = {
  name: 'bindings',
  summary: 'IAM groups whose members are mapped by the sync',
  examples: ['countersign bindings list'],
  commands: [
    {
      name: 'list',
      summary: 'list bindings',
      options: [output, ...adminOptions],
      examples: ['countersign bindings list'],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'get',
      summary: 'show a binding',
      arguments: [bindingId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign bindings get developers'],
      load: async () => (await import('./get.ts')).run,
    },
    {
      name: 'put',
      summary: 'create or change a binding',
      description: 'Options replace single fields; -f replaces the record.',
      arguments: [bindingId],
      options: [
        { flags: '--iam-group <arn>', help: fieldHelp.binding.iamGroup },
        scope,
        { flags: '--username <template>', help: fieldHelp.binding.username },
        { flags: '--group <name>', help: fieldHelp.binding.groups, repeat: 'commas' },
        { flags: '--reader-role <arn>', help: fieldHelp.binding.readerRoleArn },
        { flags: '--external-id <id>', help: fieldHelp.binding.externalId },
        { flags: '--allow-system-groups', help: fieldHelp.binding.allowSystemGroups },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign bindings put developers --iam-group arn:aws:iam::111122223333:group/Developers --scope set/dev --group developers',
      ],
      load: async () => (await import('./put.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete a binding; the next sync removes its grants',
      arguments: [bindingId],
      options: [dryRun, forceUnreadable, yes, ...adminOptions],
      examples: ['countersign bindings delete developers --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
  ],
};
