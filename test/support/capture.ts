/**
 * What the whole suite prints, logs and receives from the processes that it starts is written to one folder,
 * and searched for secrets when the run ends.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps text that a user, an operator or a log could have seen. Tests call it with the output of processes. */
export function capture(text: string): void {
  const directory = process.env['COUNTERSIGN_CAPTURE_DIR'];
  if (directory !== undefined) appendFileSync(join(directory, `worker-${process.pid}.txt`), text);
}
