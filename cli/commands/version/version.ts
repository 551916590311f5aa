import { exitCodes } from '../../exit.ts';
import { printValue } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';
import { version } from '../../../lib/version.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const format = input.text('output') ?? 'table';
  if (format !== 'table') {
    await printValue(context, format, { version, node: process.version, platform: process.platform });
  } else {
    terminal.data(
      input.flag('short') ? `${version}\n` : `countersign ${version} (Node.js ${process.version})\n`,
    );
  }
  return exitCodes.done;
};
