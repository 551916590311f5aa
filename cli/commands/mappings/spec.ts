import { fieldHelp } from '../../../lib/records/field-help.ts';
import type { CommandSpec } from '../../spec.ts';
import {
  adminOptions,
  dryRun,
  file,
  force,
  forceDelete,
  jsonOrYaml,
  output,
  principalOptions,
  scope,
  yes,
} from '../options.ts';

const mappingId = { name: '<mapping>', help: 'id of the mapping, as listed' };

export const mappingsCommand: CommandSpec = {
  name: 'mappings',
  summary: 'which Kubernetes user and groups an AWS principal has',
  examples: ['countersign mappings list --scope cluster/prod'],
  commands: [
    {
      name: 'list',
      summary: 'list mappings',
      options: [scope, ...principalOptions, output, ...adminOptions],
      examples: [
        'countersign mappings list --scope set/prod',
        'countersign mappings list --arn arn:aws:iam::111122223333:role/Admin -o yaml',
      ],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'get',
      summary: 'show a mapping',
      arguments: [mappingId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign mappings get YWxsAGFybjphd3M6aWFt'],
      load: async () => (await import('./get.ts')).run,
    },
    {
      name: 'put',
      summary: 'create or change a mapping',
      description: 'Scope and principal identify a mapping: an existing one is replaced.',
      options: [
        scope,
        ...principalOptions,
        { flags: '--username <template>', help: fieldHelp.mapping.username },
        { flags: '--group <name>', help: fieldHelp.mapping.groups, repeat: 'commas' },
        {
          flags: '--expires-at <time>',
          help: fieldHelp.mapping.expiresAt,
        },
        { flags: '--principal-id <id>', help: fieldHelp.mapping.principalId },
        {
          flags: '--instance-profile <arn>',
          help: fieldHelp.mapping.instanceProfiles,
          repeat: 'whole',
        },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign mappings put --scope cluster/prod --arn arn:aws:iam::111122223333:user/alice --username alice --group developers',
        "countersign mappings put --scope all --permission-set Admin --account 111122223333 --username 'sso:{{SessionName}}' --group system:masters",
      ],
      load: async () => (await import('./put.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete a mapping',
      arguments: [mappingId],
      options: [dryRun, forceDelete, yes, ...adminOptions],
      examples: ['countersign mappings delete YWxsAGFybjphd3M6aWFt --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
  ],
};
