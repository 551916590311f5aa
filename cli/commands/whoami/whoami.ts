import { parseMappingId } from '../../../lib/records/mapping.ts';
import { exitCodeOf } from '../../exit.ts';
import { at, objectsAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import { fields, printValue } from '../../terminal/output.ts';
import { askWhoami, findReviewHost } from '../../review-host.ts';
import type { Run } from '../../spec.ts';
import { obtainLogin } from '../../token/obtain.ts';
import { tokenRequest } from '../../token/request.ts';

/** One mapping that grants access. Its id names the principal. */
function grantText(grant: JsonObject): string {
  const id = textAt(grant, 'mappingId');
  const ref = id === undefined ? undefined : parseMappingId(id);
  return `${cell(grant['scope'])} ${cell(ref?.principalKey)} (${cell(grant['owner'])})`;
}

const grants = (verdict: JsonObject): readonly string[] | undefined =>
  at(verdict, 'grantedBy') === undefined ? undefined : objectsAt(verdict, 'grantedBy').map(grantText);

/** A name and a value for each field of a verdict that is present. */
const verdictFields = (verdict: JsonObject): readonly (readonly [string, unknown])[] => [
  ['cluster', at(verdict, 'clusterId')],
  ['outcome', at(verdict, 'outcome')],
  ['code', at(verdict, 'code')],
  ['reason', at(verdict, 'detail')],
  ['arn', at(verdict, 'identity.arn')],
  ['unique id', at(verdict, 'identity.principalId')],
  ['username', at(verdict, 'username')],
  ['groups', at(verdict, 'groups')],
  ['granted by', grants(verdict)],
];

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const request = tokenRequest(context);
  const host = await findReviewHost(context);
  const { token, forget } = await obtainLogin(request, context);
  const verdict = await askWhoami(host, request.clusterId, token);
  if (textAt(verdict, 'outcome') === 'denied') forget();
  const format = input.text('output') ?? 'table';
  if (format !== 'table') await printValue(context, format, verdict);
  else terminal.data(fields(verdictFields(verdict), terminal));
  return exitCodeOf(textAt(verdict, 'outcome'));
};
