/** Records by key: read with the state they are in, and written on the condition that it still holds. */
import type { Instant, Result, Unavailable } from '../../errors.ts';
import { ok } from '../../errors.ts';
import { targetOf } from '../change-record.ts';
import type { RecordChange } from '../change-record.ts';
import { asRead } from '../layout/conditions.ts';
import { decodeRecordItem, encodeRecord, keyOf } from '../layout/codecs.ts';
import { toTombstone } from '../layout/items.ts';
import type { Bookkeeping, KeyedItem } from '../layout/items.ts';
import type { RecordKind, RecordOf, RecordState, RefOf } from '../../records/kinds.ts';
import type { Writer } from './change-log/change-log.ts';
import type { By, Conflict, RecordStore, UnreadableState, WriteOutcome } from '../ports.ts';
import { unreadableFailure } from '../layout/unreadable.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { removeUnreadable } from './remove-unreadable.ts';
import type { RemovalTarget } from './remove-unreadable.ts';
import { readItems } from '../review/dynamo-reads.ts';
import type { TableClient } from './table-client.ts';

export interface RecordDependencies {
  readonly client: TableClient;
  readonly table: string;
  readonly writer: Writer;
  readonly clock: () => Instant;
  /** Creates a ULID of an instant: later ones sort later. */
  readonly newId: (at: Instant) => string;
}

/** A new one for each call: listeners would pile up on a shared one. */
const noSignal = (): AbortSignal => new AbortController().signal;

export function createRecords(deps: RecordDependencies): RecordStore {
  const { client, table } = deps;
  const read = async <K extends RecordKind>(kind: K, ref: RefOf<K>, signal?: AbortSignal) => {
    const item = await client.get(keyOf(kind, ref), signal);
    if (!item.ok) return item;
    const state = toState(kind, ref, item.value);
    if (!state.ok) client.onUnreadable(state.failure.data.item);
    return state;
  };
  const readEach: RecordStore['readEach'] = async (kind, refs, signal = noSignal()) => {
    const keys = refs.map((ref) => keyOf(kind, ref));
    const items = await readItems({ table, reads: client.reads }, keys, signal);
    if (!items.ok) return items;
    const states = toStates(kind, refs, items.value);
    for (const state of states) if (state.state === 'unreadable') client.onUnreadable(state.item);
    return ok(states);
  };
  const write = async <K extends RecordKind>(
    current: RecordState<K>,
    record: RecordOf<K> | undefined,
    by: By,
  ): Promise<Result<WriteOutcome<K>, Unavailable>> => {
    const { change, item } = prepare(deps, current, record, by);
    // A record that could not be read back is not written.
    const next = toState(current.kind, current.ref, item);
    if (!next.ok) return next;
    const expected = current.state === 'absent' ? undefined : current.changeId;
    const condition = asRead(expected, by.lease?.fence);
    const written = await deps.writer.write({ change, item, condition, lease: by.lease });
    if (!written.ok) return written;
    if (written.value === 'applied') return ok({ applied: true, change, current: next.value });
    const now = await read(current.kind, current.ref);
    if (!now.ok) return now;
    const conflict = written.value === 'lease_lost' ? 'lease_lost' : conflictOf(current, now.value, by);
    return ok({ applied: false, conflict, current: now.value });
  };
  return {
    read,
    readEach,
    async readMany(kind, refs, signal) {
      const states = await readEach(kind, refs, signal);
      return states.ok ? allReadable(states.value) : states;
    },
    put: (current, record, by) => write(current, record, by),
    fence: (current, by) => write(current, current.state === 'live' ? current.record : undefined, by),
    remove: (current, by) =>
      current.state === 'live'
        ? write(current, undefined, by)
        : Promise.resolve(ok({ applied: false, conflict: 'missing', current })),
    removeUnreadable: (kind, ref, by) => removeUnreadable(deps, targetOfRecord(kind, ref), by),
  };
}

const targetOfRecord = <K extends RecordKind>(kind: K, ref: RefOf<K>): RemovalTarget => ({
  kind,
  ref,
  target: targetOf(kind, ref),
  key: keyOf(kind, ref),
  decode: (item) => decodeRecordItem(kind, item),
});

const absentState = <K extends RecordKind>(kind: K, ref: RefOf<K>): RecordState<K> => ({
  kind,
  ref,
  state: 'absent',
  version: 0,
});

/** @param item `undefined`: there is none */
const toState = <K extends RecordKind>(
  kind: K,
  ref: RefOf<K>,
  item: KeyedItem | undefined,
): Decoded<RecordState<K>> =>
  item === undefined ? ok(absentState(kind, ref)) : decodeRecordItem(kind, item);

function toStates<K extends RecordKind>(
  kind: K,
  refs: readonly RefOf<K>[],
  items: readonly KeyedItem[],
): readonly (RecordState<K> | UnreadableState<K>)[] {
  const byKey = new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item]));
  return refs.map((ref) => {
    const { pk, sk } = keyOf(kind, ref);
    const state = toState(kind, ref, byKey.get(`${pk}\n${sk}`));
    return state.ok ? state.value : { kind, ref, state: 'unreadable', item: state.failure.data.item };
  });
}

function allReadable<K extends RecordKind>(
  states: readonly (RecordState<K> | UnreadableState<K>)[],
): Result<readonly RecordState<K>[], Unavailable> {
  const readable: RecordState<K>[] = [];
  for (const state of states) {
    if (state.state === 'unreadable') return unreadableFailure(state.item);
    readable.push(state);
  }
  return ok(readable);
}

/** The change record, and the item after the change. */
function prepare<K extends RecordKind>(
  { clock, newId }: RecordDependencies,
  current: RecordState<K>,
  record: RecordOf<K> | undefined,
  { actor, rollbackOf, lease }: By,
): { readonly change: RecordChange<K>; readonly item: KeyedItem } {
  const { kind, ref } = current;
  const now = clock();
  const at = new Date(now).toISOString();
  const isLive = current.state === 'live';
  const before = isLive ? current.record : undefined;
  const action = record === undefined ? 'delete' : isLive ? 'update' : 'create';
  const change: RecordChange<K> = {
    id: newId(now),
    at,
    actor,
    target: targetOf(kind, ref),
    action,
    version: current.version + 1,
    previous: current.state === 'absent' ? undefined : current.changeId,
    rollbackOf,
    kind,
    ref,
    before,
    after: record,
  };
  const bookkeeping: Bookkeeping = {
    version: change.version,
    changeId: change.id,
    createdAt: isLive ? current.stored.createdAt : at,
    createdBy: isLive ? current.stored.createdBy : actor,
    updatedAt: at,
    updatedBy: actor,
    fence: lease?.fence ?? (current.state === 'absent' ? undefined : current.fence),
  };
  const item =
    record === undefined
      ? toTombstone(keyOf(kind, ref), bookkeeping)
      : encodeRecord(kind, ref, record, bookkeeping);
  return { change, item };
}

/** The conflict of a refused write, from the expected and the current state. */
function conflictOf<K extends RecordKind>(
  expected: RecordState<K>,
  now: RecordState<K>,
  { lease }: By,
): Conflict {
  if (lease !== undefined && now.state !== 'absent' && (now.fence ?? 0) > lease.fence) return 'lease_lost';
  if (expected.state !== 'live') return now.state === 'live' ? 'exists' : 'moved';
  return now.state === 'live' ? 'moved' : 'missing';
}
