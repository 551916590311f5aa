import { createAdminClient } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { sayUnreadable } from '../../admin-client/listing.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { compact, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { denialText, principalText } from '../../terminal/cell.ts';
import { printValue, sayWarnings } from '../../terminal/output.ts';
import { principalOf } from '../principal-options.ts';
import { sayDone, writeQuery } from '../record-commands.ts';
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

/** Mapped roles and permission sets other than the denied one, without duplicates. */
function otherMappedRoles(mappings: readonly JsonObject[], denied: JsonObject): string[] {
  const principals = mappings
    .map((mapping) => mapping['principal'])
    .filter((principal) => {
      const arn = textAt(principal, 'arn');
      return arn === undefined ? true : arn.includes(':role/');
    })
    .map(principalText);
  return [...new Set(principals)].filter((text) => text !== principalText(denied['principal'])).toSorted();
}

/** STS names the role, not the user who assumed it: a denial of a user leaves that user's sessions of roles open. */
async function sayWhatStaysOpen(client: AdminClient, denial: JsonObject, context: Context): Promise<void> {
  const { items, unreadable } = await client.list('/v1/mappings');
  sayUnreadable(context, unreadable);
  const roles = otherMappedRoles(items, denial);
  if (roles.length === 0) return;
  const { terminal } = context;
  terminal.say(
    'This does not reach sessions of other mapped roles. If the same person may assume one of them,',
  );
  terminal.say('deny that session too (--session NAME), or end their sign-in to it in AWS:');
  for (const role of roles) terminal.say(`  ${role}`);
}

export const run: Run = async (context) => {
  const denial = denialOf(context);
  const client = createAdminClient(context);
  const answer = await client.call('POST', '/v1/denials', { query: writeQuery(context), body: denial });
  const session = textAt(denial, 'sessionName');
  sayWarnings(context, answer);
  sayDone(context, `denied ${denialText(denial)}${session === undefined ? '' : `, session ${session}`}`);
  await printValue(context, context.input.text('output') ?? 'yaml', answer);
  context.terminal.say('Apiservers evict what they have cached within 2 minutes.');
  await sayWhatStaysOpen(client, denial, context);
  return exitCodes.done;
};
