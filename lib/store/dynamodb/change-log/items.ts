/** Change records as items, and back; and their keys, which follow from the id: the month is in the ULID. */
import { decodeTime, encodeTime, isValid } from 'ulid';
import * as v from 'valibot';
import type { Instant } from '../../../errors.ts';
import { ok } from '../../../errors.ts';
import { isRecordKind, kinds } from '../../../records/kinds.ts';
import type { RecordKind } from '../../../records/kinds.ts';
import type { AnyChange, ChangeBase, ChangeRecord, RecordChange } from '../../change-record.ts';
import { keyOf, parseRecord, schemaVersionOf } from '../../layout/codecs.ts';
import type { VersionedKind } from '../../layout/codecs.ts';
import type { KeyedItem } from '../../layout/items.ts';
import { changeIndexKey, changesPartition, webhookTokenKey } from '../../layout/keys.ts';
import type { ItemKey } from '../../layout/keys.ts';
import { unreadable } from '../../layout/item-names.ts';
import { schemaOf } from '../../layout/unreadable.ts';
import type { Decoded } from '../../layout/unreadable.ts';

/** `2026-11`, in UTC. */
export const monthOf = (at: Instant): string => new Date(at).toISOString().slice(0, 7);

/** `undefined`: the text is not the id of a change, which is 26 characters of Crockford's base32, upper case. */
export function changeKey(id: string): ItemKey | undefined {
  if (!isValid(id) || id !== id.toUpperCase()) return undefined;
  return { pk: changesPartition(monthOf(decodeTime(id))), sk: id };
}

/** Sorts before every id that was created at that instant or later. */
export const firstIdAt = (at: Instant): string => encodeTime(Math.max(0, Math.floor(at)), 10);

const ChangeItem = v.object({
  sk: v.string(),
  at: v.string(),
  actor: v.string(),
  target: v.string(),
  action: v.picklist(['create', 'update', 'delete']),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  previous: v.optional(v.string()),
  rollbackOf: v.optional(v.string()),
  note: v.optional(v.string()),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
});
type ChangeItem = v.InferOutput<typeof ChangeItem>;

/** @throws TypeError for an id that is not a ULID: ids are created here, so that is a defect and not an outage */
export function encodeChange(change: AnyChange): KeyedItem {
  const key = changeKey(change.id);
  if (key === undefined) throw new TypeError(`${change.id} is not the id of a change.`);
  const { id, kind, ref: _ref, ...fields } = change;
  return {
    ...key,
    ...changeIndexKey(change.target, change.version, id),
    ...fields,
    schema: schemaVersionOf(kind),
  };
}

/** What all changes have in common: readable even if before and after are damaged or of a newer version. */
export function decodeChangeBase(item: KeyedItem): Decoded<ChangeBase> {
  const parsed = v.safeParse(ChangeItem, item);
  return parsed.success ? ok(toBase(parsed.output)) : unreadable(item);
}

export function decodeChange(item: KeyedItem): Decoded<ChangeRecord> {
  const parsed = v.safeParse(ChangeItem, item);
  const target = parsed.success ? parseTarget(parsed.output.target) : undefined;
  if (!parsed.success || target === undefined) return unreadable(item);
  const [found, known] = [schemaOf(item), schemaVersionOf(target.kind)];
  if (found !== undefined && found > known) return unreadable(item, { found, known });
  const change = found === undefined ? undefined : toChange(target.kind, target.text, parsed.output);
  return change === undefined ? unreadable(item) : ok(change);
}

/** The inverse of `targetOf` and `webhookTokenTarget`. */
function parseTarget(target: string): { readonly kind: VersionedKind; readonly text: string } | undefined {
  const slash = target.indexOf('/');
  const kind = target.slice(0, slash);
  const isKnown = isRecordKind(kind) || kind === 'webhook-token';
  return isKnown ? { kind, text: target.slice(slash + 1) } : undefined;
}

function toChange(kind: VersionedKind, text: string, item: ChangeItem): ChangeRecord | undefined {
  if (kind !== 'webhook-token') return toRecordChange<RecordKind>(kind, text, item);
  const [clusterId, tokenId, ...rest] = text.split('/');
  if (clusterId === undefined || tokenId === undefined || rest.length > 0) return undefined;
  return { ...toBase(item), kind, ref: { clusterId, tokenId } };
}

function toRecordChange<K extends RecordKind>(
  kind: K,
  text: string,
  item: ChangeItem,
): RecordChange<K> | undefined {
  const ref = kinds[kind].parseRefText(text);
  if (ref === undefined) return undefined;
  const before = parseRecord(kind, ref, item.before);
  const after = parseRecord(kind, ref, item.after);
  const isWhole = (before === undefined) === (item.before === undefined);
  if (!isWhole || (after === undefined) !== (item.after === undefined)) return undefined;
  return { ...toBase(item), kind, ref, before, after };
}

function toBase({ sk, at, actor, target, action, version, previous, rollbackOf, note }: ChangeItem) {
  return { id: sk, at, actor, target, action, version, previous, rollbackOf, note };
}

const recordKey = <K extends RecordKind>(change: RecordChange<K>): ItemKey => keyOf(change.kind, change.ref);

/** The key of the item that a change is about. */
export const targetKey = (change: ChangeRecord): ItemKey =>
  change.kind === 'webhook-token'
    ? webhookTokenKey(change.ref.clusterId, change.ref.tokenId)
    : recordKey(change);
