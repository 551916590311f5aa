/** A desired state against what is: what the admin API would change, and how that reads. */
import { failure, wrongUsage } from '../../exit.ts';
import { readObjectFile } from '../../files.ts';
import { at, isJsonObject, objectsAt, textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/output.ts';
import type { Context } from '../../spec.ts';
import type { Style } from '../../terminal/terminal.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { Refused } from '../../admin-client/problem.ts';

export interface Plan {
  readonly answer: JsonObject;
  readonly fingerprint: string;
  readonly state: JsonObject;
  /** How many changes it has. */
  readonly size: number;
}

const actions = [
  { list: 'creates', mark: '+', style: 'green' },
  { list: 'updates', mark: '~', style: 'yellow' },
  { list: 'deletes', mark: '-', style: 'red' },
] as const satisfies readonly { list: string; mark: string; style: Style }[];

/** How many: a number, or the length of a list. */
export const countAt = (value: unknown, path: string): number => {
  const found = at(value, path);
  if (Array.isArray(found)) return found.length;
  return typeof found === 'number' ? found : 0;
};

/** Plans what the file wants that `-f` names. @throws CliFailure naming file, line and field of every bad entry */
export async function planFile(client: AdminClient, { input }: Pick<Context, 'input'>): Promise<Plan> {
  const file = await readObjectFile(input.required('file'));
  try {
    return await makePlan(client, file.value);
  } catch (error) {
    if (!(error instanceof Refused) || error.errors.length === 0) throw error;
    const lines = error.errors.map(
      ({ path, message }) => `line ${file.lineOf(path)}${path === '' ? '' : `, ${path}`}: ${message}`,
    );
    throw wrongUsage(`${file.name} is refused: ${lines.join('; ')}.`, error);
  }
}

async function makePlan(client: AdminClient, state: JsonObject): Promise<Plan> {
  const answer = await client.call('POST', '/v1/plan', { body: state });
  const fingerprint = textAt(answer, 'fingerprint');
  if (fingerprint === undefined) throw failure('The admin API answered without a plan.');
  const size = actions.reduce((sum, { list }) => sum + countAt(answer, list), 0);
  return { answer, fingerprint, state, size };
}

/** Fields of an update that differ, before and after. */
function changedFields(change: JsonObject): string[] {
  const { before, after } = change;
  if (!isJsonObject(before) || !isJsonObject(after)) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `    ${name}: ${cell(before[name])} -> ${cell(after[name])}\n`);
}

const nameOf = (change: JsonObject): string => {
  const record = isJsonObject(change['after']) ? change['after'] : change['before'];
  const principal = at(record, 'principal');
  const scope = textAt(record, 'scope');
  const who = textAt(principal, 'arn') ?? (principal === undefined ? undefined : JSON.stringify(principal));
  const described = [
    textAt(change, 'kind'),
    textAt(record, 'id') ?? textAt(record, 'name') ?? who,
    scope && `on ${scope}`,
  ];
  const target = textAt(change, 'target');
  return principal === undefined && target !== undefined ? target : described.filter(Boolean).join(' ');
};

/** The plan for people: a line for each change, the fields of updates below it, and a sum. */
export function planText({ answer }: Plan, terminal: Context['terminal']): string {
  const lines = actions.map(({ list, mark, style }) =>
    objectsAt(answer, list)
      .map((change) => {
        const title = `${terminal.style(style, `${mark} ${cell(nameOf(change))}`)}\n`;
        return list === 'updates' ? title + changedFields(change).join('') : title;
      })
      .join(''),
  );
  const [creates, updates, deletes] = actions.map(({ list }) => countAt(answer, list));
  return `${lines.join('')}${creates} to make, ${updates} to change, ${deletes} to delete, ${countAt(answer, 'unchanged')} unchanged\n`;
}

export function sayWarnings({ answer }: Plan, terminal: Context['terminal']): void {
  const told = [
    ...textsAt(answer, 'warnings'),
    ...objectsAt(answer, 'warnings').map((warning) => cell(warning['message'] ?? warning)),
  ];
  for (const warning of told)
    terminal.say(`${terminal.style('yellow', 'Warning:', 'talk')} ${cell(warning)}`);
}
