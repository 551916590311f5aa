import { makeAdminClient } from '../admin/client.ts';
import type { AdminClient } from '../admin/client.ts';
import { countAt, makePlan, planText, readState, sayWarnings } from '../admin/plan.ts';
import type { Plan } from '../admin/plan.ts';
import { writeQuery } from '../admin/records.ts';
import { confirm } from '../confirm.ts';
import { exitCodes, failure } from '../exit.ts';
import { objectsAt, textAt } from '../json.ts';
import { cell } from '../output.ts';
import type { Context, Run } from '../spec.ts';

interface Applied {
  readonly applied: number;
  readonly failed: readonly string[];
}

/** A call does some hundreds; what is left is planned anew, since the first part has moved what the plan was about. */
async function applyAll(client: AdminClient, first: Plan, context: Context): Promise<Applied> {
  const progress = context.terminal.progress('Applying');
  let applied = 0;
  let plan = first;
  try {
    for (;;) {
      const body = { fingerprint: plan.fingerprint, state: plan.state };
      const answer = await client.call('POST', '/v1/apply', { query: writeQuery(context), body });
      const done = countAt(answer, 'applied');
      applied += done;
      progress.update(`${applied} of ${first.size}`);
      const failed = objectsAt(answer, 'failed').map(
        (item) =>
          `${textAt(item, 'target') ?? cell(item)}: ${textAt(item, 'detail') ?? textAt(item, 'code') ?? 'failed'}`,
      );
      if (failed.length > 0 || countAt(answer, 'pending') === 0) return { applied, failed };
      if (done === 0) throw failure(`Nothing moves any more after ${applied} changes: see countersign plan.`);
      plan = await makePlan(client, plan.state);
    }
  } finally {
    progress.end();
  }
}

export const run: Run = async (context) => {
  const { terminal } = context;
  const state = await readState(context);
  const client = makeAdminClient(context);
  const plan = await makePlan(client, state);
  sayWarnings(plan, terminal);
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
  throw failure(`${failed.length} of ${plan.size} changes failed: the same apply again does the rest.`);
};
