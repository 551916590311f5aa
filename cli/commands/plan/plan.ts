import { makeAdminClient } from '../../admin-client/client.ts';
import { planFile, planText, sayWarnings } from './plan-file.ts';
import { exitCodes } from '../../exit.ts';
import { printValue } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const plan = await planFile(makeAdminClient(context), context);
  const format = input.text('output') ?? 'table';
  if (format === 'table') {
    sayWarnings(plan, terminal);
    terminal.data(planText(plan, terminal));
  } else await printValue(context, format, plan.answer);
  return input.flag('exitCode') && plan.size > 0 ? exitCodes.no : exitCodes.done;
};
