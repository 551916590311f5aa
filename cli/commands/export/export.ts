import * as v from 'valibot';
import { denialAnswer, mappingAnswer } from '../../../lib/admin/api/answers.ts';
import { toAccessEntries } from '../../../lib/migration/export-access-entries.ts';
import { awsAuthEntries, toAwsAuth } from '../../../lib/migration/export-aws-auth.ts';
import type { Exportable } from '../../../lib/migration/export-aws-auth.ts';
import { scopesOf } from '../../../lib/records/scope.ts';
import { createAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { countText, sayStale, sayUnreadable, subjectOf } from '../../admin-client/listing.ts';
import type { Unreadable } from '../../admin-client/listing.ts';
import { readState } from './read-state.ts';
import type { Pair } from './read-state.ts';
import { exitCodes, failure, wrongUsage } from '../../exit.ts';
import { textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import { printValue } from '../../terminal/output.ts';
import type { Context, Run } from '../../spec.ts';

const parseAll = <T>(schema: v.GenericSchema<unknown, T>, items: readonly JsonObject[]): readonly T[] =>
  items.map((item) => {
    const parsed = v.safeParse(schema, item);
    if (!parsed.success)
      throw failure('The admin API answered with records that this version does not know.');
    return parsed.output;
  });

/**
 * Refuses an incomplete export: `apply` of a desired state would delete what it leaves out, and EKS would let a denied user in.
 * @throws CliFailure (exit 1) after naming what cannot be read
 */
function requireComplete(context: Context, unreadable: readonly Unreadable[]): void {
  if (unreadable.length === 0) return;
  sayUnreadable(context, unreadable);
  throw failure(
    `Nothing is exported, since ${countText(unreadable.length)} cannot be read: repair or delete what is named above, then export again.`,
  );
}

/**
 * Two users with one name in two paths are one user today: which of their mappings counts is not for the export to say.
 * @throws CliFailure (exit 1) after naming the pairs
 */
function requireDecided({ terminal }: Pick<Context, 'terminal'>, rivals: readonly Pair[]): void {
  if (rivals.length === 0) return;
  for (const pair of rivals) {
    const [one, other] = pair.map((item) => `${subjectOf(item)} (${String(item['id'])})`);
    terminal.say(`  ${cell(one)} and ${cell(other)}`);
  }
  throw failure(
    'Nothing is exported, since the mappings of an earlier version that are named above are about the same user today and give different things: delete one of each pair by its id, then export again.',
  );
}

/** The mappings of all scopes of one cluster, and every denial. */
async function readExportable(client: AdminClient, context: Context): Promise<Exportable> {
  const id = context.input.text('clusterId');
  if (id === undefined) throw wrongUsage('This format is for one cluster: give -i <cluster>.');
  const cluster = await client.find(path`/v1/clusters/${id}`);
  if (cluster === undefined) throw failure(`There is no cluster ${id}.`);
  const scopes = scopesOf({ id, sets: textsAt(cluster, 'sets') });
  const lists = await Promise.all(scopes.map((scope) => client.list('/v1/mappings', { scope })));
  const denials = await client.list('/v1/denials');
  requireComplete(
    context,
    [...lists, denials].flatMap(({ unreadable }) => unreadable),
  );
  return {
    mappings: parseAll(
      mappingAnswer,
      lists.flatMap(({ items }) => items),
    ),
    denials: parseAll(denialAnswer, denials.items),
    now: context.now(),
  };
}

async function exportForEks(client: AdminClient, context: Context, isConfigMap: boolean): Promise<void> {
  const { terminal, input } = context;
  const exported = awsAuthEntries(await readExportable(client, context));
  const messages = exported.notExported.map(({ message }) => message);
  if (isConfigMap) {
    terminal.data(toAwsAuth(exported));
  } else {
    const { entries, notExported } = toAccessEntries(exported);
    messages.push(...notExported);
    await printValue(context, input.text('output') ?? 'yaml', entries);
  }
  for (const message of messages)
    terminal.say(`${terminal.style('yellow', 'Not exported:', 'talk')} ${message}`);
}

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const client = createAdminClient(context);
  const format = input.text('format');
  if (format === 'aws-auth' || format === 'eks-access-entries') {
    await exportForEks(client, context, format === 'aws-auth');
    return exitCodes.done;
  }
  const progress = terminal.progress('Read');
  const { state, unreadable, doubles, rivals } = await readState(client, (what) =>
    progress.update(what),
  ).finally(() => progress.end());
  requireComplete(context, unreadable);
  requireDecided(context, rivals);
  sayStale(context, doubles);
  await printValue(context, input.text('output') ?? 'yaml', state);
  return exitCodes.done;
};
