/** Answers of the admin API, as far as the command line looks into them: everything else is passed on. */
import { isRecord } from '../lib/json/record.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject: (value: unknown) => value is JsonObject = isRecord;

/** The value at a path, such as `principal.arn`; `undefined` where there is none. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (isJsonObject(part) ? part[key] : undefined), value);

export const textAt = (value: unknown, path: string): string | undefined => {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
};

/** The objects of the list at a path; none where it is not a list. */
export const objectsAt = (value: unknown, path: string): readonly JsonObject[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
};

export const textsAt = (value: unknown, path: string): readonly string[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter((item): item is string => typeof item === 'string') : [];
};

/** A copy without what is `undefined`, with these keys only. */
export const pick = (value: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));

/** A copy without the keys whose value is `undefined`. */
export const compact = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
