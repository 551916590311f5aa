/** Lists of live records, by index or by principal. */
import type { Result, Unavailable } from '../../errors.ts';
import { ok, unavailable } from '../../errors.ts';
import { decodeRecord } from '../layout/codecs.ts';
import { listPage } from './cursor.ts';
import { toEnvelope } from '../layout/items.ts';
import type { PlainItem } from '../layout/items.ts';
import { indexPartitions, mappingRefOf, principalPartition } from '../layout/keys.ts';
import type { LiveState, RecordKind, StoredOf } from '../../records/kinds.ts';
import type { ListResult, PageRequest, RecordLists } from '../ports.ts';
import type { TableClient } from './table-client.ts';

const unreadable = unavailable('store_unavailable', { cause: 'unreadable item' });

export function createLists(client: TableClient): RecordLists {
  const byIndex = <K extends RecordKind>(
    kind: K,
    partition: string,
    page: PageRequest,
  ): Promise<ListResult<StoredOf<K>>> =>
    listPage<StoredOf<K>>(client, { partition, index: true }, page, (item) => {
      const live = decodeLive(kind, item);
      return live.ok ? ok(live.value?.stored) : live;
    });
  return {
    listClusters: (page) => byIndex('cluster', indexPartitions.cluster, page),
    listSets: (page) => byIndex('set', indexPartitions.set, page),
    listBindings: (page) => byIndex('binding', indexPartitions.binding, page),
    listDenials: (page) => byIndex('denial', indexPartitions.denial, page),
    listMappingsByScope: (scope, page) => byIndex('mapping', indexPartitions.scope(scope), page),
    listByPrincipal: (key, page) =>
      listPage(client, { partition: principalPartition(key), index: false }, page, decodeEntry),
  };
}

/** `undefined`: a tombstone. */
function decodeLive<K extends RecordKind>(
  kind: K,
  item: PlainItem,
): Result<LiveState<K> | undefined, Unavailable> {
  const envelope = toEnvelope(item);
  const state = envelope === undefined ? undefined : decodeRecord(kind, envelope);
  if (state === undefined) return unreadable;
  return ok(state.state === 'live' ? state : undefined);
}

function decodeEntry(
  item: PlainItem,
): Result<LiveState<'mapping'> | LiveState<'denial'> | undefined, Unavailable> {
  const envelope = toEnvelope(item);
  if (envelope === undefined) return unreadable;
  return mappingRefOf(envelope) === undefined ? decodeLive('denial', item) : decodeLive('mapping', item);
}
