/** Change records as items, and back. */
import * as v from 'valibot';
import { denialId, parseDenialId } from '../../records/denial.ts';
import { mappingId, parseMappingId } from '../../records/mapping.ts';
import type { AnyChange, ChangeRecord, RecordChange } from '../change-record.ts';
import { changeKey } from './change-keys.ts';
import { keyOf, parseRecord } from './codecs.ts';
import type { PlainItem } from './items.ts';
import { changeIndexKey, webhookTokenKey } from './keys.ts';
import type { ItemKey } from './keys.ts';
import type { RecordKind, RefOf } from '../../records/kinds.ts';

const ChangeItem = v.object({
  sk: v.string(),
  at: v.string(),
  actor: v.string(),
  target: v.string(),
  action: v.picklist(['create', 'update', 'delete']),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  previous: v.optional(v.string()),
  rollbackOf: v.optional(v.string()),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
});
type ChangeItem = v.InferOutput<typeof ChangeItem>;

const refTexts: { readonly [K in RecordKind]: (ref: RefOf<K>) => string } = {
  cluster: ({ id }) => id,
  set: ({ name }) => name,
  mapping: mappingId,
  denial: denialId,
  binding: ({ id }) => id,
};

/** `mapping/<mappingId>`, `cluster/<id>`, …: what the log knows a record by. */
export const targetOf = <K extends RecordKind>(kind: K, ref: RefOf<K>): string =>
  `${kind}/${refTexts[kind](ref)}`;

export const webhookTokenTarget = (clusterId: string, tokenId: string): string =>
  `webhook-token/${clusterId}/${tokenId}`;

export function encodeChange(change: AnyChange): PlainItem | undefined {
  const key = changeKey(change.id);
  if (key === undefined) return undefined;
  const { id, kind: _kind, ref: _ref, ...fields } = change;
  return { ...key, ...changeIndexKey(change.target, change.version, id), ...fields };
}

/** `undefined` where the item is not a change record that this version of the code can read. */
export function decodeChange(item: PlainItem): ChangeRecord | undefined {
  const parsed = v.safeParse(ChangeItem, item);
  if (!parsed.success) return undefined;
  const { target } = parsed.output;
  const slash = target.indexOf('/');
  const text = target.slice(slash + 1);
  switch (target.slice(0, slash)) {
    case 'cluster':
      return toRecordChange('cluster', { id: text }, parsed.output);
    case 'set':
      return toRecordChange('set', { name: text }, parsed.output);
    case 'binding':
      return toRecordChange('binding', { id: text }, parsed.output);
    case 'mapping':
      return toRecordChange('mapping', parseMappingId(text), parsed.output);
    case 'denial':
      return toRecordChange('denial', parseDenialId(text), parsed.output);
    case 'webhook-token':
      return toTokenChange(text, parsed.output);
    default:
      return undefined;
  }
}

function toRecordChange<K extends RecordKind>(
  kind: K,
  ref: RefOf<K> | undefined,
  item: ChangeItem,
): RecordChange<K> | undefined {
  if (ref === undefined) return undefined;
  const before = parseRecord(kind, ref, item.before);
  const after = parseRecord(kind, ref, item.after);
  const isWhole = (before === undefined) === (item.before === undefined);
  if (!isWhole || (after === undefined) !== (item.after === undefined)) return undefined;
  return { ...toBase(item), kind, ref, before, after };
}

function toTokenChange(text: string, item: ChangeItem): ChangeRecord | undefined {
  const [clusterId, tokenId, ...rest] = text.split('/');
  if (clusterId === undefined || tokenId === undefined || rest.length > 0) return undefined;
  return { ...toBase(item), kind: 'webhook-token', ref: { clusterId, tokenId } };
}

function toBase({ sk, at, actor, target, action, version, previous, rollbackOf }: ChangeItem) {
  return { id: sk, at, actor, target, action, version, previous, rollbackOf };
}

const recordKey = <K extends RecordKind>(change: RecordChange<K>): ItemKey => keyOf(change.kind, change.ref);

/** The key of the item that a change is about. */
export const targetKey = (change: ChangeRecord): ItemKey =>
  change.kind === 'webhook-token'
    ? webhookTokenKey(change.ref.clusterId, change.ref.tokenId)
    : recordKey(change);
