/** A desired state compared with the stored one: what the admin API would change, and that as text. */
import { failure } from '../../exit.ts';
import { readObjectFile } from '../../files.ts';
import { at, countAt, isJsonObject, objectsAt, textAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import type { Context } from '../../spec.ts';
import type { Style } from '../../terminal/terminal.ts';
import type { AdminClient } from '../../admin-client/client.ts';
import { locateRefusal } from '../../admin-client/refused-file.ts';

export interface Plan {
  readonly answer: JsonObject;
  readonly fingerprint: string;
  readonly state: JsonObject;
  /** The number of changes. */
  readonly size: number;
}

const actions = [
  { list: 'creates', mark: '+', style: 'green' },
  { list: 'updates', mark: '~', style: 'yellow' },
  { list: 'deletes', mark: '-', style: 'red' },
] as const satisfies readonly { list: string; mark: string; style: Style }[];

/** Plans the desired state of `-f`. @throws CliFailure naming file, line and field of every invalid entry */
export async function planFile(client: AdminClient, { input }: Pick<Context, 'input'>): Promise<Plan> {
  const file = await readObjectFile(input.required('file'));
  return locateRefusal(file, () => requestPlan(client, file.value));
}

async function requestPlan(client: AdminClient, state: JsonObject): Promise<Plan> {
  const answer = await client.call('POST', '/v1/plan', { body: state });
  const fingerprint = textAt(answer, 'fingerprint');
  if (fingerprint === undefined) throw failure('The admin API answered without a plan.');
  const size = actions.reduce((sum, { list }) => sum + countAt(answer, list), 0);
  return { answer, fingerprint, state, size };
}

/** The changed fields of an update, before and after. */
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

/** A line for each change, the changed fields below each update, and the totals. */
export function planText({ answer }: Plan, terminal: Context['terminal']): string {
  const lines = actions.map(({ list, mark, style }) =>
    objectsAt(answer, list)
      .map((change) => {
        const what = list === 'deletes' ? 'its item under' : 'moved from';
        const old = change['staleKey'] === true ? ` (${what} a key of an earlier version)` : '';
        const title = `${terminal.style(style, `${mark} ${cell(nameOf(change))}`)}${old}\n`;
        return list === 'updates' ? title + changedFields(change).join('') : title;
      })
      .join(''),
  );
  const [creates, updates, deletes] = actions.map(({ list }) => countAt(answer, list));
  return `${lines.join('')}${creates} to create, ${updates} to change, ${deletes} to delete, ${countAt(answer, 'unchanged')} unchanged\n`;
}
