import { createAdminClient } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { planFile, planText } from '../plan/plan-file.ts';
import type { Plan } from '../plan/plan-file.ts';
import { writeQuery } from '../record-commands.ts';
import { confirm } from '../../terminal/confirm.ts';
import { exitCodes, failure } from '../../exit.ts';
import { countAt, objectsAt, textAt } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import { sayWarnings } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

interface Applied {
  readonly applied: number;
  readonly failed: readonly string[];
}

/** A call applies some hundreds of changes, and returns the fingerprint under which the next call continues. */
async function applyAll(client: AdminClient, first: Plan, context: Context): Promise<Applied> {
  const progress = context.terminal.progress('Applying');
  let applied = 0;
  let fingerprint: string | undefined = first.fingerprint;
  try {
    for (;;) {
      const body = { fingerprint, state: first.state };
      const answer = await client.call('POST', '/v1/apply', { query: writeQuery(context), body });
      const done = countAt(answer, 'applied');
      applied += done;
      progress.update(`${applied} of ${first.size}`);
      const failed = objectsAt(answer, 'failed').map(
        (item) =>
          `${textAt(item, 'target') ?? cell(item)}: ${textAt(item, 'detail') ?? textAt(item, 'code') ?? 'failed'}`,
      );
      if (failed.length > 0 || countAt(answer, 'pending') === 0) return { applied, failed };
      fingerprint = textAt(answer, 'fingerprint');
      if (done === 0 || fingerprint === undefined) {
        throw failure(
          `The apply stopped making progress after ${applied} changes: run countersign plan to see what is left.`,
        );
      }
    }
  } finally {
    progress.end();
  }
}

export const run: Run = async (context) => {
  const { terminal } = context;
  const client = createAdminClient(context);
  const plan = await planFile(client, context);
  sayWarnings(context, plan.answer);
  terminal.data(planText(plan, terminal));
  if (plan.size === 0) {
    terminal.say('Nothing to do.');
    return exitCodes.done;
  }
  await confirm(context, `Apply ${plan.size} ${plan.size === 1 ? 'change' : 'changes'}?`);
  const { applied, failed } = await applyAll(client, plan, context);
  terminal.say(`Applied ${applied} of ${plan.size}.`);
  if (failed.length === 0) return exitCodes.done;
  for (const line of failed) terminal.say(`Failed: ${line}`);
  throw failure(`${failed.length} of ${plan.size} changes failed: run the same apply again to retry them.`);
};
