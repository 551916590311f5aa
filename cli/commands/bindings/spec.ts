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

const bindingId = { name: '<binding>', help: 'id of the binding' };

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
        { flags: '--iam-group <arn>', help: 'the IAM group' },
        scope,
        { flags: '--username <template>', help: 'Kubernetes user (default: aws:{{AccountID}}:{{UserName}})' },
        { flags: '--group <name>', help: 'Kubernetes group', repeat: 'commas' },
        { flags: '--reader-role <arn>', help: "role in the group's account, named CountersignGroupReader*" },
        { flags: '--external-id <id>', help: 'external id for that role' },
        { flags: '--allow-system-groups', help: 'allow groups that begin with system:' },
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
