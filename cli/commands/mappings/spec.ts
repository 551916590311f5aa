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
        { flags: '--username <template>', help: 'Kubernetes user' },
        { flags: '--group <name>', help: 'Kubernetes group', repeat: 'commas' },
        {
          flags: '--expires-at <time>',
          help: 'RFC 3339 time at which it expires, such as 2027-01-31T18:00:00Z',
        },
        { flags: '--principal-id <id>', help: 'pin: the unique id that the principal must have' },
        {
          flags: '--instance-profile <arn>',
          help: 'instance profile of the nodes, with {{EC2PrivateDNSName}}; a comma is part of the ARN',
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
