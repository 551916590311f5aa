/**
 * Deletes an item that cannot be read. Its record is lost, so the change has no before and cannot be rolled back; what
 * can still be read of its bookkeeping is kept, so that versions and the chain of changes continue.
 */
import type { Instant, Result, Unavailable, UnreadableItem } from '../../errors.ts';
import { ok } from '../../errors.ts';
import type { AnyChange } from '../change-record.ts';
import { present, unchanged } from '../layout/conditions.ts';
import { toTombstone } from '../layout/items.ts';
import type { KeyedItem } from '../layout/items.ts';
import type { ItemKey } from '../layout/keys.ts';
import type { Decoded } from '../layout/unreadable.ts';
import type { UnreadableDeletion, UnreadableRemoval } from '../ports.ts';
import type { Writer } from './change-log/change-log.ts';
import type { TableClient } from './table-client.ts';

export interface RemovalDependencies {
  readonly client: TableClient;
  readonly writer: Writer;
  readonly clock: () => Instant;
  readonly newId: (at: Instant) => string;
}

/** What is removed. */
export interface RemovalTarget extends Pick<AnyChange, 'kind' | 'ref' | 'target'> {
  readonly key: ItemKey;
  readonly decode: (item: KeyedItem) => Decoded<unknown>;
}

export async function removeUnreadable(
  { client, writer, clock, newId }: RemovalDependencies,
  { key, decode, kind, ref, target }: RemovalTarget,
  { actor, version, dryRun = false }: UnreadableDeletion,
): Promise<Result<UnreadableRemoval, Unavailable>> {
  const read = await client.get(key);
  if (!read.ok) return read;
  const item = read.value;
  if (item === undefined) return ok({ applied: false, conflict: 'missing' });
  const decoded = decode(item);
  if (decoded.ok) return ok({ applied: false, conflict: 'moved' });
  if (version !== undefined && version !== item['version'])
    return ok({ applied: false, conflict: 'version' });
  const now = clock();
  const damaged = decoded.failure.data.item;
  const change = toChange({ kind, ref, target }, item, damaged, { actor, now, id: newId(now) });
  if (dryRun) return ok({ applied: true, changeId: change.id, item: damaged });
  const tombstone = toTombstone(key, bookkeepingOf(item, change));
  const condition = change.previous === undefined ? present : unchanged(change.previous);
  const written = await writer.write({ change, item: tombstone, condition });
  if (!written.ok) return written;
  return ok(
    written.value === 'applied'
      ? { applied: true, changeId: change.id, item: damaged }
      : { applied: false, conflict: 'moved' },
  );
}

function toChange(
  target: Pick<AnyChange, 'kind' | 'ref' | 'target'>,
  { version, changeId }: KeyedItem,
  { reason }: UnreadableItem,
  { actor, now, id }: { readonly actor: string; readonly now: Instant; readonly id: string },
): AnyChange {
  return {
    ...target,
    id,
    at: new Date(now).toISOString(),
    actor,
    action: 'delete',
    version: isVersion(version) ? version + 1 : 1,
    previous: typeof changeId === 'string' ? changeId : undefined,
    note: `Deleted with force without being read: ${reason.split(';')[0]}.`,
  };
}

function bookkeepingOf({ createdAt, createdBy, fence }: KeyedItem, { id, version, at, actor }: AnyChange) {
  return {
    version,
    changeId: id,
    createdAt: typeof createdAt === 'string' ? createdAt : at,
    createdBy: typeof createdBy === 'string' ? createdBy : actor,
    updatedAt: at,
    updatedBy: actor,
    fence: typeof fence === 'number' && Number.isSafeInteger(fence) ? fence : undefined,
  };
}

const isVersion = (version: unknown): version is number =>
  typeof version === 'number' && Number.isSafeInteger(version) && version >= 1;
