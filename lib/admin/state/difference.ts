/** The difference between the stored and the desired records of one kind, as steps of a plan. Pure. */
import { compareText } from '../../json/compare-text.ts';
import { sameValue } from '../../json/canonical-json.ts';
import { kinds } from '../../records/kinds.ts';
import type { RecordKind, RecordOf, RefOf, StoredOf } from '../../records/kinds.ts';
import { targetOf } from '../../store/change-record.ts';

export interface StepOf<K extends RecordKind> {
  readonly kind: K;
  readonly ref: RefOf<K>;
  /** As in the change log: `mapping/<id>`. */
  readonly target: string;
  /** The stored record and its version; absent for a create. */
  readonly before?: RecordOf<K> | undefined;
  readonly version?: number | undefined;
  /** Absent for a delete. */
  readonly after?: RecordOf<K> | undefined;
  /**
   * A create of a record whose item is under a former key, or the delete of such an item. No review reads it: the record is moved, or
   * it is not desired.
   */
  readonly staleKey?: true | undefined;
}

/** Steps in the order of their targets. */
export interface Difference<K extends RecordKind> {
  /** Of all desired records, whatever is planned for them. */
  readonly targets: readonly string[];
  readonly creates: readonly StepOf<K>[];
  readonly updates: readonly StepOf<K>[];
  readonly deletes: readonly StepOf<K>[];
  readonly unchanged: number;
}

/**
 * @param desired `undefined`: the kind is not managed, and nothing is planned for it
 * @param unreadable targets whose item cannot be read: nothing is planned for them
 */
export function differenceOf<K extends RecordKind>(
  kind: K,
  current: readonly StoredOf<K>[],
  desired: readonly RecordOf<K>[] | undefined,
  unreadable: ReadonlySet<string>,
): Difference<K> {
  if (desired === undefined) return { targets: [], creates: [], updates: [], deletes: [], unchanged: 0 };
  const definition = kinds[kind];
  const targetOfRecord = (record: RecordOf<K>): string => targetOf(kind, definition.refOf(record));
  const existing = new Map(current.map((stored) => existingOf(kind, stored)));
  const all = new Map(desired.map((record) => [targetOfRecord(record), record]));
  const wanted = [...all].filter(([target]) => !unreadable.has(target)).toSorted(byTarget);
  const stale = [...existing.values()].filter(({ staleKey }) => staleKey === true);
  const moved = new Set(stale.map(({ record }) => targetOfRecord(record)));
  const creates: StepOf<K>[] = [];
  const updates: StepOf<K>[] = [];
  for (const [target, after] of wanted) {
    const now = existing.get(target);
    const step = { kind, ref: definition.refOf(after), target, after };
    if (now === undefined) creates.push(moved.has(target) ? { ...step, staleKey: true } : step);
    else if (!sameValue(now.record, after)) {
      updates.push({ ...step, before: now.record, version: now.version });
    }
  }
  const deletes = [...existing]
    .filter(([target]) => !all.has(target))
    .toSorted(byTarget)
    .map(([target, { ref, record, version, staleKey }]) => ({
      kind,
      ref,
      target,
      before: record,
      version,
      staleKey,
    }));
  const unchanged = wanted.length - creates.length - updates.length;
  return { targets: [...all.keys()], creates, updates, deletes, unchanged };
}

/** A stored record by the target of its item, which is not that of its record if the key is a former one. */
function existingOf<K extends RecordKind>(kind: K, stored: StoredOf<K>) {
  const record = kinds[kind].toRecord(stored);
  const staleRef =
    'staleKey' in stored && stored.staleKey === true ? kinds[kind].parseRefText(stored.id) : undefined;
  const ref = staleRef ?? kinds[kind].refOf(record);
  const staleKey = staleRef === undefined ? undefined : (true as const);
  return [targetOf(kind, ref), { ref, record, version: stored.version, staleKey }] as const;
}

const byTarget = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  compareText(a, b);
