/** Every command, in the order of the help. */
import type { CommandSpec } from './spec.ts';
import { access } from './commands/mappings/spec.ts';
import { audit } from './commands/changes/spec.ts';
import { fleet } from './commands/clusters/spec.ts';
import { everyday } from './commands/kubeconfig/spec.ts';
import { hosts } from './commands/serve/spec.ts';

export const tree: readonly CommandSpec[] = [...everyday, ...fleet, ...access, ...audit, ...hosts];
