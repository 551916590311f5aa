import type { CommandSpec } from '../../spec.ts';
import { output } from '../options.ts';

export const versionCommand: CommandSpec = {
  name: 'version',
  summary: 'show the version',
  options: [{ flags: '-s, --short', help: 'only the number' }, output],
  examples: ['countersign version', 'countersign version -o json'],
  load: async () => (await import('./version.ts')).run,
};
