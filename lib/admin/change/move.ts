/**
 * Entries under keys of former rules (docs/upgrade.md). No review reads such an item; writing its record again moves it: `commit`
 * writes the record under its key of today first, and then has the old item deleted here.
 */
import { formerDenialRef, formerMappingRef } from '../../records/former-keys.ts';
import { kinds } from '../../records/kinds.ts';
import type { LiveState, RecordKind, RecordOf, RecordState, RefOf } from '../../records/kinds.ts';
import type { By, Store } from '../../store/ports.ts';

/** Whether no review reads this item, since its key is a former one. */
export const isStale = (state: RecordState<RecordKind>): boolean =>
  state.state === 'live' && 'staleKey' in state.stored && state.stored.staleKey === true;

/** The key of a record by former rules. Most often it is the key of today. */
const formerRef: { readonly [K in RecordKind]: (record: RecordOf<K>) => RefOf<K> } = {
  mapping: formerMappingRef,
  denial: formerDenialRef,
  set: (record) => kinds.set.refOf(record),
  cluster: (record) => kinds.cluster.refOf(record),
  binding: (record) => kinds.binding.refOf(record),
};

/**
 * Deletes the item of a record under its former key, if there is one. To be called once the record is written under its key of today.
 * @returns a sentence for the writer if the item is still there: lists show it with `staleKey`
 */
export async function deleteFormer<K extends RecordKind>(
  store: Store,
  kind: K,
  record: RecordOf<K>,
  by: By,
): Promise<string | undefined> {
  const definition = kinds[kind];
  const today = definition.refText(definition.refOf(record));
  const former = formerRef[kind](record);
  const formerText = definition.refText(former);
  if (formerText === today) return undefined;
  const left = `The ${definition.noun} is in force under its key of today, but the old item ${formerText} could not be deleted: delete it.`;
  const found = await store.read(kind, former);
  if (!found.ok) return left;
  if (!isItemOf(found.value, today)) return undefined;
  const removed = await store.remove(found.value, by);
  return removed.ok && removed.value.applied ? undefined : left;
}

/** Whether a former key holds an item of this very record: another federated user can differ from it by case only. */
const isItemOf = <K extends RecordKind>(state: RecordState<K>, today: string): state is LiveState<K> =>
  state.state === 'live' && isStale(state) && todayText(state) === today;

const todayText = <K extends RecordKind>({ kind, record }: LiveState<K>): string =>
  kinds[kind].refText(kinds[kind].refOf(record));
