import * as v from 'valibot';
import { principal as principalSchema } from '../../../lib/records/input/fields.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../../lib/records/principal.ts';
import { isScope } from '../../../lib/records/scope.ts';
import { createAdminClient, path } from '../../admin-client/client.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { exitCodes, wrongUsage } from '../../exit.ts';
import { compact, isJsonObject, numberAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { principalText } from '../../terminal/cell.ts';
import { printValue, sayWarnings } from '../../terminal/output.ts';
import { principalOf } from '../principal-options.ts';
import { sayDone, writeQuery } from '../record-commands.ts';
import { noFile, readRecordFile } from '../record-file.ts';
import type { Context, Run } from '../../spec.ts';

const changesOf = ({ input }: Pick<Context, 'input'>): JsonObject =>
  compact({
    scope: input.text('scope'),
    principal: principalOf(input),
    username: input.text('username'),
    groups: input.list('group'),
    expiresAt: input.text('expiresAt'),
    principalId: input.text('principalId'),
    instanceProfiles: input.list('instanceProfile'),
  });

/** The route of the principal's manual mapping in the scope; `undefined` if one of the two is not valid. */
function routeOf(scope: string | undefined, principal: unknown): string | undefined {
  const parsed = v.safeParse(principalSchema, principal);
  if (!parsed.success || scope === undefined || !isScope(scope)) return undefined;
  const id = mappingId({ scope, principalKey: mappingKeyOf(parsed.output), owner: 'manual' });
  return path`/v1/mappings/${id}`;
}

/** Creates the mapping, or replaces the one of this scope and principal. The API refuses what is not valid. */
async function write(client: AdminClient, record: JsonObject, context: Context): Promise<JsonObject> {
  const query = writeQuery(context);
  const route = routeOf(textAt(record, 'scope'), record['principal']);
  const before = route === undefined ? undefined : await client.find(route);
  const version = numberAt(before, 'version');
  return route === undefined || version === undefined
    ? client.call('POST', '/v1/mappings', { query, body: record })
    : client.call('PUT', route, { query, body: record, ifMatch: version });
}

export const run: Run = async (context) => {
  const { input } = context;
  const name = input.text('file');
  const file = name === undefined ? noFile : await readRecordFile('mapping', name);
  const changes = changesOf(context);
  const record = { ...file.fields, ...changes };
  const { scope, principal } = record;
  if (typeof scope !== 'string' || !isJsonObject(principal)) {
    throw wrongUsage('A mapping needs --scope and --arn, --permission-set with --account, or --account.');
  }
  const client = createAdminClient(context);
  const answer = await file.located(changes, () => write(client, record, context));
  sayWarnings(context, answer);
  sayDone(context, `mapped ${principalText(principal)} on ${scope}`);
  await printValue(context, input.text('output') ?? 'yaml', answer);
  return exitCodes.done;
};
