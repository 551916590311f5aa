import type { CommandSpec } from '../../spec.ts';
import { adminOptions, force, jsonOrYaml, output, yes } from '../options.ts';

const changeId = { name: '<change>', help: 'id of the change, as listed' };

export const changesCommand: CommandSpec = {
  name: 'changes',
  summary: 'who changed what, and how to roll it back',
  examples: ['countersign changes list'],
  commands: [
    {
      name: 'list',
      summary: 'list changes, newest first',
      options: [
        { flags: '--target <target>', help: 'only changes of this target, as listed' },
        { flags: '--actor <arn>', help: 'only changes by this actor' },
        { flags: '--since <time>', help: 'RFC 3339 time, or a span such as 2h or 7d' },
        { flags: '--limit <n>', help: 'the largest number of changes to list', default: '50' },
        output,
        ...adminOptions,
      ],
      examples: [
        'countersign changes list --since 24h',
        'countersign changes list --target cluster/prod -o json',
      ],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'show',
      summary: 'show a change, before and after',
      arguments: [changeId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign changes show 01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
      load: async () => (await import('./show.ts')).run,
    },
    {
      name: 'rollback',
      summary: 'roll a change back, if its target has not changed since',
      arguments: [changeId],
      options: [yes, force, jsonOrYaml, ...adminOptions],
      examples: ['countersign changes rollback 01JD3Y6ZC8H5W7Q2V9M4K1N0PB --yes'],
      load: async () => (await import('./rollback.ts')).run,
    },
  ],
};
