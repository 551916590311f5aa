import { createAdminClient } from '../../admin-client/client.ts';
import { planFile, planText } from './plan-file.ts';
import { exitCodes } from '../../exit.ts';
import { printValue, sayWarnings } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const plan = await planFile(createAdminClient(context), context);
  const format = input.text('output') ?? 'table';
  if (format === 'table') {
    sayWarnings(context, plan.answer);
    terminal.data(planText(plan, terminal));
  } else await printValue(context, format, plan.answer);
  return input.flag('exitCode') && plan.size > 0 ? exitCodes.no : exitCodes.done;
};
