/** What every kind of record defines, in a file of its own. */
import type * as v from 'valibot';
import { strictObject } from '../json/strict-object.ts';
import type { StrictObject } from '../json/strict-object.ts';
import type { Stored } from './bookkeeping.ts';

/** The types of one kind of record. */
export interface KindTypes {
  readonly kind: string;
  /** The field of a desired state that lists records of this kind. */
  readonly list: string;
  /** The parts of its key. They never change. */
  readonly ref: object;
  /** The fields that a writer sets. */
  readonly record: object;
  /** As the store returns it: with bookkeeping, and with an id if the ref is not a field. */
  readonly stored: Stored;
}

/** What code that handles every kind needs to know of one. Holds no input schema: the reviewer must not load those. */
export interface KindDefinition<T extends KindTypes> {
  readonly kind: T['kind'];
  readonly list: T['list'];
  /** For people: "group binding". */
  readonly noun: string;
  /**
   * The version of the stored fields that this release reads and writes. It goes up only if an older reader that
   * ignores the change would let more callers in.
   */
  readonly schemaVersion: number;
  /** The fields of the input schema, in the order in which they are documented. */
  readonly inputFields: readonly string[];
  refOf(record: T['record']): T['ref'];
  /** The ref as one text: the last part of a route and of a change's target. */
  refText(ref: T['ref']): string;
  /** The inverse of `refText`; `undefined` for any other text. */
  parseRefText(text: string): T['ref'] | undefined;
  /** Removes what the store adds. */
  toRecord(stored: T['stored']): T['record'];
  /** `undefined` if it is not a record of this kind: the item is then unreadable, never absent. */
  parseStored(record: unknown): T['record'] | undefined;
}

/**
 * One schema for each field of `T`, and no other: `{…} satisfies FieldsOf<Cluster>`. So a field that is added to
 * the interface, to the input or to the stored form only does not compile.
 */
export type FieldsOf<T, Field extends keyof T = keyof T> = {
  readonly [F in Field]-?: v.GenericSchema<unknown, T[F]>;
};

/**
 * The input schema of a record: an object of the listed fields and no others.
 * @param fields as `KindDefinition.inputFields`; a schema without a listed field, or with another, does not compile
 */
/* @__NO_SIDE_EFFECTS__ */
export function recordInput<
  const F extends readonly string[],
  const E extends Record<F[number], v.GenericSchema>,
>(
  what: string,
  fields: F,
  entries: E & Readonly<Record<Exclude<keyof E, F[number]>, never>>,
): StrictObject<E> {
  return strictObject<E>(what, entries, fields.join(', '));
}
