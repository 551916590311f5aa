import * as v from 'valibot';
import { isRecord } from './record.ts';

/** A schema of records with any keys. That of valibot accepts arrays, and drops keys such as `constructor`. */
export const recordOf = <T>(value: v.GenericSchema<unknown, T>) =>
  v.custom<Record<string, T>>(
    (record) => isRecord(record) && Object.values(record).every((item) => v.is(value, item)),
  );
