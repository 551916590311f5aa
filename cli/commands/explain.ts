import { makeAdminClient } from '../admin/client.ts';
import { exitCodes } from '../exit.ts';
import { at, compact, isJsonObject, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { cell, fields, printValue } from '../output.ts';
import type { Run } from '../spec.ts';
import { exitCodeOf } from './whoami.ts';

/** An entry in one line: whatever the API says of it, ids last. */
function entryLine(entry: unknown): string {
  if (!isJsonObject(entry)) return cell(entry);
  return Object.entries(entry)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name} ${cell(value)}`)
    .join('; ');
}

/** The lists of the answer (entries that matched, near misses, …), each under its name. */
function lists(answer: JsonObject): string {
  const blocks = Object.entries(answer).flatMap(([name, value]) => {
    const isEntryList = Array.isArray(value) && value.some(isJsonObject);
    if (!isEntryList) return [];
    const title = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return [`\n${title}:\n${value.map((entry) => `  ${entryLine(entry)}\n`).join('')}`];
  });
  return blocks.join('');
}

export const run: Run = async (context) => {
  const { input, terminal } = context;
  const clusterId = input.required('clusterId');
  const answer = await makeAdminClient(context).call('POST', '/v1/explain', {
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
  }
  return textAt(answer, 'outcome') === undefined ? exitCodes.failed : exitCodeOf(answer);
};
