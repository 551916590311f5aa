import { createAdminClient } from '../../admin-client/client.ts';
import { exitCodeOf, exitCodes } from '../../exit.ts';
import { at, compact, objectsAt, textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell, principalText } from '../../terminal/cell.ts';
import { fields, printValue, sayWarnings } from '../../terminal/output.ts';
import type { Run } from '../../spec.ts';

const leading = new Set(['scope', 'principal', 'owner', 'mappingId', 'warnings']);

/** An entry on one line: scope and principal, its other fields, and its id for other commands. */
function entryLine(entry: JsonObject): string {
  const details = Object.entries(entry)
    .filter(([name, value]) => !leading.has(name) && value !== undefined && value !== '')
    .map(([name, value]) => `${name} ${cell(value)}`);
  if (entry['principal'] === undefined) return details.join('; ');
  const owner = entry['owner'] === undefined ? '' : ` (${cell(entry['owner'])})`;
  const who = `${cell(entry['scope'])} ${principalText(entry['principal'])}${owner}`;
  return `${who}: ${[...details, `id ${cell(entry['mappingId'])}`].join('; ')}`;
}

const titles = [
  ['entries', 'Entries that matched'],
  ['denials', 'Denials'],
  ['nearMisses', 'Near misses'],
  ['nearDenials', 'Denials that would hold on a condition'],
] as const;

/** The lists of the answer, each under its title. */
const lists = (answer: JsonObject): string =>
  titles
    .map(([name, title]) => {
      const entries = objectsAt(answer, name);
      return entries.length === 0
        ? ''
        : `\n${title}:\n${entries.map((entry) => `  ${entryLine(entry)}\n`).join('')}`;
    })
    .join('');

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = input.required('clusterId');
  const answer = await createAdminClient(context).call('POST', '/v1/explain', {
    body: compact({
      clusterId,
      arn: input.text('arn'),
      principalId: input.text('principalId'),
      sessionName: input.text('session'),
      accessKeyId: input.text('accessKeyId'),
    }),
  });
  const format = input.text('output') ?? 'table';
  if (format !== 'table') {
    await printValue(context, format, answer);
  } else {
    const known = [
      ['cluster', clusterId],
      ['arn', input.text('arn')],
      ['outcome', at(answer, 'outcome')],
      ['code', at(answer, 'code')],
      ['reason', textAt(answer, 'detail')],
      ['username', at(answer, 'username')],
      ['groups', at(answer, 'groups')],
    ] as const;
    terminal.data(fields(known, terminal) + lists(answer));
    for (const denial of objectsAt(answer, 'denials')) sayWarnings(context, denial);
    for (const assumption of textsAt(answer, 'assumptions')) terminal.say(assumption);
  }
  const outcome = textAt(answer, 'outcome');
  return outcome === undefined ? exitCodes.failed : exitCodeOf(outcome);
};
