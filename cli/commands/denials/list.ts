import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodes } from '../../exit.ts';
import { textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { denialText } from '../../terminal/cell.ts';
import { printList } from '../../terminal/output.ts';
import { column, idColumn } from '../../terminal/table.ts';
import type { Run } from '../../spec.ts';

/** A unique id is shown with the user who had it. */
function who(denial: JsonObject): string {
  const userArn = textAt(denial, 'userArn');
  return userArn === undefined ? denialText(denial) : `${denialText(denial)} (${userArn})`;
}

/** The codes of the warnings: their sentences are in the other formats, and in docs/cut-off.md. */
const staysOpen = (denial: JsonObject): readonly string[] =>
  textsAt(denial, 'warnings').map((warning) => /^\w+/.exec(warning)?.[0] ?? warning);

const columns = [
  { title: 'who', value: who },
  column('session', 'sessionName'),
  column('reason', 'reason'),
  { title: 'stays open', value: staysOpen },
  column('since', 'createdAt'),
  column('by', 'createdBy'),
  idColumn('id', 'id'),
];

export const run: Run = async (context) => {
  const listing = await createAdminClient(context).list('/v1/denials');
  await printList(context, listing, columns, 'There are no denials.');
  return exitCodes.done;
};
