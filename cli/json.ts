/** Reads values out of JSON whose shape is not checked: answers of the admin API, files. */
import { isRecord } from '../lib/json/record.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject: (value: unknown) => value is JsonObject = isRecord;

/** The value at a path, such as `principal.arn`; `undefined` if there is none. */
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

/** A count: a number, or the length of a list; 0 if the path holds neither. */
export const countAt = (value: unknown, path: string): number => {
  const found = at(value, path);
  if (Array.isArray(found)) return found.length;
  return typeof found === 'number' ? found : 0;
};

/** The objects of the list at a path; empty if the path holds no list. */
export const objectsAt = (value: unknown, path: string): readonly JsonObject[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
};

export const textsAt = (value: unknown, path: string): readonly string[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found.filter((item): item is string => typeof item === 'string') : [];
};

/** A copy with these keys only, without `undefined` values. */
export const pick = (value: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));

/** A copy without the keys whose value is `undefined`. */
export const compact = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
