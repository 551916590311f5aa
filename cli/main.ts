/** The entry point of the command line. */
import { exitCodes } from './exit.ts';
import { runCommand } from './run.ts';
import { createTerminal } from './terminal/terminal.ts';

// The SDK's warning about Node.js 20 is for the maintainers of this package, not for its users.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A closed pipe (`countersign clusters list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});
process.exitCode = await runCommand(process.argv.slice(2), {
  terminal: createTerminal(process),
  env: process.env,
  now: Date.now,
});
