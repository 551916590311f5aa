/** One line of JSON for each item of the table that a function found and could not read: its name, never its content. */
import type { UnreadableItem } from '../errors.ts';

/** At level `error`, so that no log level hides it. `write` receives whole lines, each with its newline. */
export const createUnreadableItemLog =
  (write: (line: string) => void): ((item: UnreadableItem) => void) =>
  ({ kind, key, reason }) =>
    write(`${JSON.stringify({ level: 'error', event: 'unreadable_item', kind, key, reason })}\n`);
