import { fieldHelp } from '../../../lib/records/field-help.ts';
import type { CommandSpec } from '../../spec.ts';
import { adminOptions, dryRun, file, forceUnreadable, jsonOrYaml, output, yes } from '../options.ts';

const setName = { name: '<name>', help: fieldHelp.set.name };

export const setsCommand: CommandSpec = {
  name: 'sets',
  summary: 'sets of clusters, as scopes of mappings',
  examples: ['countersign sets list'],
  commands: [
    {
      name: 'list',
      summary: 'list sets',
      options: [output, ...adminOptions],
      examples: ['countersign sets list'],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'put',
      summary: 'create or change a set',
      arguments: [setName],
      options: [
        { flags: '--description <text>', help: fieldHelp.set.description },
        file,
        dryRun,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: ['countersign sets put prod --description "everything that customers use"'],
      load: async () => (await import('./put.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete a set that no cluster and no mapping names',
      arguments: [setName],
      options: [dryRun, forceUnreadable, yes, ...adminOptions],
      examples: ['countersign sets delete staging --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
  ],
};
