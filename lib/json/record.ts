/** Objects whose keys come from outside. */

/** An object as JSON has them: neither an array nor `null`. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own field of a record under a key that users choose: `constructor` is a valid name, and every object inherits one. */
export const ownField = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
