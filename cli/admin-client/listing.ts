/** A list of the admin API, and the items that it leaves out because they cannot be read. */
import { shellWord } from '../../lib/shell-word.ts';
import { objectsAt, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Context } from '../spec.ts';
import { cell, principalText } from '../terminal/cell.ts';

/** An item that is not in the list, and not absent. */
export interface Unreadable {
  readonly kind: string;
  readonly key: string;
  /** What is wrong and what to do: half a sentence. */
  readonly reason: string;
}

export interface Listing {
  readonly items: readonly JsonObject[];
  /** Empty if the list is complete. */
  readonly unreadable: readonly Unreadable[];
}

/** The items that a page of a list leaves out. */
export const unreadableOf = (page: JsonObject): readonly Unreadable[] =>
  objectsAt(page, 'unreadable').map((item) => ({
    kind: textAt(item, 'kind') ?? 'item',
    key: textAt(item, 'key') ?? '?',
    reason: textAt(item, 'reason') ?? 'it cannot be read',
  }));

/** The most items that are named; the others are counted. */
const namedAtMost = 20;

/** The command whose `delete` accepts the key of the kind. Others cannot be deleted by name. */
const nouns: Readonly<Record<string, string>> = {
  cluster: 'clusters',
  set: 'sets',
  mapping: 'mappings',
  denial: 'denials',
  binding: 'bindings',
  'webhook-token': 'clusters tokens',
};

/** Ids as the API accepts them, and `<cluster>/<token>`. A damaged key may be anything, an option too. */
const plainKey = /^[\w.][\w.-]*(?:\/[\w.][\w.-]*)?$/;

/** The options that a command needs to reach the same deployment, whatever the environment is when it is pasted. */
const sameDeployment = ({ input }: Pick<Context, 'input'>): string =>
  (['endpoint', 'signingService', 'signingRegion'] as const)
    .map((name) => {
      const flag = `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`;
      const value = input.text(name);
      return value === undefined ? '' : ` ${flag} ${shellWord(value)}`;
    })
    .join('');

/**
 * The command that deletes the item, which asks first; `undefined` if the item is to be kept (a newer version wrote it), or has no
 * such command.
 */
function deleteCommand(
  { kind, key, reason }: Unreadable,
  context: Pick<Context, 'input'>,
): string | undefined {
  const noun = nouns[kind];
  if (noun === undefined || !plainKey.test(key) || !reason.includes('delete it with force')) return undefined;
  const words = kind === 'webhook-token' ? key.replace('/', ' ') : key;
  return `countersign ${noun} delete ${words} --force${sameDeployment(context)}`;
}

/** Says on stderr that a list is not complete, and names what it leaves out. Says nothing about a complete list. */
export function sayUnreadable(
  context: Pick<Context, 'input' | 'terminal'>,
  unreadable: readonly Unreadable[],
): void {
  if (unreadable.length === 0) return;
  const { terminal } = context;
  const warning = terminal.style('yellow', 'Warning:', 'talk');
  terminal.say(`${warning} the list is not complete: ${countText(unreadable.length)} cannot be read.`);
  for (const item of unreadable.slice(0, namedAtMost)) {
    terminal.say(`  ${cell(item.kind)} ${cell(item.key)}: ${cell(item.reason)}`);
    const command = deleteCommand(item, context);
    if (command !== undefined) terminal.say(`    ${command}`);
  }
  if (unreadable.length > namedAtMost) terminal.say(`  and ${unreadable.length - namedAtMost} more`);
}

/** Names on stderr the entries of a list that are under a key of an earlier version: they neither grant nor deny. */
export function sayStale({ terminal }: Pick<Context, 'terminal'>, items: readonly JsonObject[]): void {
  const stale = items.filter((item) => item['staleKey'] === true);
  if (stale.length === 0) return;
  terminal.say(
    `${terminal.style('yellow', 'Warning:', 'talk')} no review reads ${countText(stale.length)} of this list, under a key of an earlier version. Write each again, which moves it, or delete it:`,
  );
  for (const item of stale.slice(0, namedAtMost)) {
    terminal.say(`  ${cell(subjectOf(item))}  ${cell(textAt(item, 'id'))}`);
  }
  if (stale.length > namedAtMost) terminal.say(`  and ${stale.length - namedAtMost} more`);
}

/** An entry in one line: whom it is about, and where. */
export const subjectOf = (item: JsonObject): string =>
  [principalText(item['principal']), textAt(item, 'sessionName'), textAt(item, 'scope')]
    .filter((part) => part !== undefined)
    .join(' ');

export const countText = (count: number): string => (count === 1 ? '1 item' : `${count} items`);
