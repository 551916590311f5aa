import type { CommandSpec } from '../../spec.ts';
import { adminOptions, output } from '../options.ts';
import { stateFile } from '../options.ts';

export const planCommand: CommandSpec = {
  name: 'plan',
  summary: 'show what a desired state would change',
  options: [
    stateFile,
    { flags: '--exit-code', help: 'exit with 3 if there is something to change' },
    output,
    ...adminOptions,
  ],
  examples: ['countersign plan -f fleet.yaml', 'countersign plan -f fleet.yaml --exit-code -o json'],
  load: async () => (await import('./plan.ts')).run,
};
