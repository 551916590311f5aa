/** Objects whose keys come from outside. */

/** An object as JSON has them: neither an array nor `null`. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a record itself has under a key that people choose: `constructor` is a name too, and every object has one. */
export const ownField = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
