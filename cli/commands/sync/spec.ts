import type { CommandSpec } from '../../spec.ts';
import { adminOptions, output } from '../options.ts';

export const syncCommand: CommandSpec = {
  name: 'sync',
  summary: 'the group sync: run it, and see what it did',
  examples: ['countersign sync status'],
  commands: [
    {
      name: 'run',
      summary: 'run it now and wait for the outcome',
      options: [
        { flags: '--binding <id>', help: 'only this binding', repeat: 'commas' },
        { flags: '--dry-run', help: 'report what would be written, and write nothing' },
        { flags: '--force', help: 'remove even more grants than the guard allows' },
        { flags: '--no-wait', help: 'print the id of the run and end' },
        { flags: '--timeout <seconds>', help: 'how long to wait', default: '300' },
        output,
        ...adminOptions,
      ],
      examples: ['countersign sync run --dry-run', 'countersign sync run --binding developers'],
      load: async () => (await import('./run.ts')).run,
    },
    {
      name: 'status',
      summary: 'list the last runs',
      options: [{ flags: '--limit <n>', help: 'how many', default: '10' }, output, ...adminOptions],
      examples: ['countersign sync status'],
      load: async () => (await import('./status.ts')).run,
    },
    {
      name: 'show',
      summary: 'show a run, binding by binding',
      arguments: [{ name: '<run>', help: 'id of the run' }],
      options: [output, ...adminOptions],
      examples: ['countersign sync show 01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
      load: async () => (await import('./show.ts')).run,
    },
  ],
};
