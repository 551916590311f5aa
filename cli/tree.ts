/** Every command, in the order of the help. */
import { accessCommand } from './commands/access/spec.ts';
import { applyCommand } from './commands/apply/spec.ts';
import { bindingsCommand } from './commands/bindings/spec.ts';
import { changesCommand } from './commands/changes/spec.ts';
import { clustersCommand } from './commands/clusters/spec.ts';
import { completionCommand } from './commands/completion/spec.ts';
import { denialsCommand } from './commands/denials/spec.ts';
import { devCommand } from './commands/dev/spec.ts';
import { doctorCommand } from './commands/doctor/spec.ts';
import { explainCommand } from './commands/explain/spec.ts';
import { exportCommand } from './commands/export/spec.ts';
import { importCommand } from './commands/import/spec.ts';
import { initCommand } from './commands/init/spec.ts';
import { kubeconfigCommand } from './commands/kubeconfig/spec.ts';
import { mappingsCommand } from './commands/mappings/spec.ts';
import { planCommand } from './commands/plan/spec.ts';
import { serveCommand } from './commands/serve/spec.ts';
import { setsCommand } from './commands/sets/spec.ts';
import { syncCommand } from './commands/sync/spec.ts';
import { tokenCommand } from './commands/token/spec.ts';
import { verifyCommand } from './commands/verify/spec.ts';
import { versionCommand } from './commands/version/spec.ts';
import { whoamiCommand } from './commands/whoami/spec.ts';
import type { CommandSpec } from './spec.ts';

/** Defined by the bundler for the single file only. */
declare const COUNTERSIGN_SINGLE_FILE: boolean | undefined;

/** The bundler drops `dev` and all that it imports from dist/countersign.mjs: its table needs a native module. */
const packageOnly = typeof COUNTERSIGN_SINGLE_FILE === 'boolean' ? [] : [devCommand];

export const tree: readonly CommandSpec[] = [
  // For engineers who log in.
  tokenCommand,
  whoamiCommand,
  verifyCommand,
  doctorCommand,
  kubeconfigCommand,
  // For platform teams: clusters, and who may enter them.
  initCommand,
  clustersCommand,
  setsCommand,
  mappingsCommand,
  denialsCommand,
  bindingsCommand,
  syncCommand,
  // For audits, and the state as files.
  explainCommand,
  accessCommand,
  planCommand,
  applyCommand,
  exportCommand,
  importCommand,
  changesCommand,
  // Servers, and the command line itself.
  serveCommand,
  ...packageOnly,
  versionCommand,
  completionCommand(() => tree),
];
