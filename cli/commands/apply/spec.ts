import type { CommandSpec } from '../../spec.ts';
import { adminOptions, force, yes } from '../options.ts';
import { stateFile } from '../options.ts';

export const applyCommand: CommandSpec = {
  name: 'apply',
  summary: 'plan a desired state, ask for confirmation, and apply it',
  description: 'An apply that was cut short can be repeated: the same state converges.',
  options: [stateFile, yes, force, ...adminOptions],
  examples: ['countersign apply -f fleet.yaml', 'countersign apply -f fleet.yaml --yes'],
  load: async () => (await import('./apply.ts')).run,
};
