import { createAdminClient } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { sayUnreadable } from '../../admin-client/listing.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { compact, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { printValue, sayWarnings } from '../../terminal/output.ts';
import { principalOf } from '../principal-options.ts';
import { sayDone, writeQuery } from '../record-commands.ts';
import { parseDenialId } from '../../../lib/records/denial.ts';
import { commandOf, offerText, relatedDenials } from './related.ts';
import type { Offer } from './related.ts';
import type { Context, Run } from '../../spec.ts';

function denialOf({ input }: Pick<Context, 'input'>): JsonObject {
  const principal = principalOf(input);
  const principalId = input.text('principalId');
  const accessKeyId = input.text('accessKeyId');
  const given = [principal, principalId, accessKeyId].filter((subject) => subject !== undefined);
  if (given.length !== 1) {
    throw wrongUsage(
      'A denial needs one of --arn, --permission-set with --account, --account, --principal-id and --access-key-id.',
    );
  }
  return compact({
    principal,
    principalId,
    accessKeyId,
    sessionName: input.text('session'),
    reason: input.text('reason'),
  });
}

/** Writes a denial, and reports it with its warnings. */
async function deny(context: Context, client: AdminClient, denial: JsonObject): Promise<JsonObject> {
  const answer = await client.call('POST', '/v1/denials', { query: writeQuery(context), body: denial });
  sayWarnings(context, answer);
  sayDone(context, `denied ${offerText(denial)}`);
  for (const id of textsAt(answer, 'alsoDenied')) {
    context.terminal.say(`Denied with it: ${uniqueIdOf(id)}, the unique id of that user (denial ${id}).`);
  }
  return answer;
}

const uniqueIdOf = (id: string): string => parseDenialId(id)?.principalKey.split('/').at(-1) ?? id;

/** The further denials that the caller wants: by `--also`, or by an answer at the terminal. Never waits without a terminal. */
async function wanted({ input, terminal }: Context, offers: readonly Offer[]): Promise<boolean> {
  if (offers.length === 0 || input.flag('dryRun')) return false;
  if (input.flag('also')) return true;
  if (!terminal.interactive) return false;
  const these = offers.length === 1 ? 'this one' : `these ${offers.length}`;
  return /^y(?:es)?$/i.test(await terminal.ask(`Deny ${these} too? [y/N] `));
}

/** STS names the role, not the user who assumed it: a denial of a user leaves that user's sessions of roles open. */
async function denyRelated(
  context: Context,
  client: AdminClient,
  denial: JsonObject,
  answer: JsonObject,
): Promise<void> {
  const { terminal, input } = context;
  const { items, unreadable } = await client.list('/v1/mappings');
  sayUnreadable(context, unreadable);
  const ids = textsAt(answer, 'alsoDenied').map(uniqueIdOf);
  const { offers, wider } = relatedDenials(denial, ids, items);
  const reason = input.text('reason') ?? '';
  if (offers.length > 0) terminal.say('The table knows more ways in that may be of the same person:');
  for (const { denial: offered, why } of offers) terminal.say(`  ${offerText(offered)} (${why})`);
  if (await wanted(context, offers)) {
    for (const { denial: offered } of offers) await deny(context, client, { ...offered, reason });
  } else if (offers.length > 0) {
    terminal.say('To deny them, add --also, or run:');
    for (const { denial: offered } of offers) terminal.say(`  ${commandOf(offered, reason)}`);
  }
  if (wider.length === 0) return;
  terminal.say(
    'Also mapped in that account. A denial of one of these cuts off all its users; or remove the permission to use it in AWS:',
  );
  for (const each of wider) terminal.say(`  ${commandOf(each, reason)}`);
}

export const run: Run = async (context) => {
  const denial = denialOf(context);
  const client = createAdminClient(context);
  const answer = await deny(context, client, denial);
  await printValue(context, context.input.text('output') ?? 'yaml', answer);
  context.terminal.say('Apiservers evict what they have cached within 2 minutes (docs/cut-off.md).');
  await denyRelated(context, client, denial, answer);
  return exitCodes.done;
};
