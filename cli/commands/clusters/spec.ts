import { fieldHelp } from '../../../lib/records/field-help.ts';
import type { CommandSpec } from '../../spec.ts';
import { adminOptions, dryRun, file, force, jsonOrYaml, output, partition, yes } from '../options.ts';
import { tokensCommand } from './tokens/spec.ts';

const id = { name: '<cluster>', help: fieldHelp.cluster.id };

export const clustersCommand: CommandSpec = {
  name: 'clusters',
  summary: 'register clusters',
  examples: ['countersign clusters list'],
  commands: [
    {
      name: 'list',
      summary: 'list clusters',
      options: [output, ...adminOptions],
      examples: ['countersign clusters list', 'countersign clusters list -o json'],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'get',
      summary: 'show a cluster',
      arguments: [id],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign clusters get prod'],
      load: async () => (await import('./get.ts')).run,
    },
    {
      name: 'put',
      summary: 'create or change a cluster',
      description: 'Options replace single fields, a list as a whole; -f replaces the record.',
      arguments: [id],
      options: [
        { flags: '--description <text>', help: fieldHelp.cluster.description },
        partition,
        { flags: '--set <name>', help: fieldHelp.cluster.sets, repeat: 'commas' },
        { flags: '--admin-group <name>', help: fieldHelp.cluster.adminGroups, repeat: 'commas' },
        { flags: '--disable', help: fieldHelp.cluster.disabled, conflicts: ['enable'] },
        { flags: '--enable', help: 'let users in again' },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign clusters put prod --set prod --description "eu-west-1, kops"',
        'countersign clusters put prod --disable',
      ],
      load: async () => (await import('./put.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete a cluster',
      arguments: [id],
      options: [
        {
          flags: '--force',
          help: 'delete its own mappings too, and the cluster even if it cannot be read; admins only',
        },
        dryRun,
        yes,
        ...adminOptions,
      ],
      examples: ['countersign clusters delete old --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
    tokensCommand,
  ],
};
