/** A record that `put -f` reads from a file. */
import type { RecordKind } from '../../lib/records/kinds.ts';
import { locateRefusal } from '../admin-client/refused-file.ts';
import { readObjectFile } from '../files.ts';
import type { JsonObject } from '../json.ts';
import { writableFields } from './record-fields.ts';

export interface RecordFile {
  /** All but the read-only fields: an unknown field is for the API to refuse. */
  readonly fields: JsonObject;
  /**
   * Runs a write of `fields` with `changes` laid over them.
   * @throws CliFailure (exit 2) naming file, line and field, if the API refuses a field of the file
   */
  located<T>(changes: JsonObject, write: () => Promise<T>): Promise<T>;
}

/** Stands in for the file if there is no `-f`. */
export const noFile: RecordFile = { fields: {}, located: (_, write) => write() };

/** @throws CliFailure (exit 2) if the file cannot be read, or does not hold one object */
export async function readRecordFile(kind: RecordKind, name: string): Promise<RecordFile> {
  const file = await readObjectFile(name);
  return {
    fields: writableFields(kind, file.value),
    located: (changes, write) => locateRefusal(file, write, Object.keys(changes)),
  };
}
