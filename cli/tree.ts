/** Every command, in the order of the help. */
import type { CommandSpec } from './spec.ts';
import { access } from './specs/access.ts';
import { audit } from './specs/audit.ts';
import { fleet } from './specs/clusters.ts';
import { everyday } from './specs/everyday.ts';
import { hosts } from './specs/hosts.ts';

export const tree: readonly CommandSpec[] = [...everyday, ...fleet, ...access, ...audit, ...hosts];
