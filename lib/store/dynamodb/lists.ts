/** Lists of live records, by index or by principal. */
import { ok } from '../../errors.ts';
import { decodeRecordItem } from '../layout/codecs.ts';
import { listPage } from './cursor.ts';
import type { KeyedItem } from '../layout/items.ts';
import type { Decoded } from '../layout/unreadable.ts';
import { indexPartitions, mappingRefOf, principalPartition } from '../layout/keys.ts';
import type { LiveState, RecordKind, StoredOf } from '../../records/kinds.ts';
import type { ListResult, PageRequest, RecordLists } from '../ports.ts';
import type { TableClient } from './table-client.ts';

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
function decodeLive<K extends RecordKind>(kind: K, item: KeyedItem): Decoded<LiveState<K> | undefined> {
  const state = decodeRecordItem(kind, item);
  if (!state.ok) return state;
  return ok(state.value.state === 'live' ? state.value : undefined);
}

const decodeEntry = (item: KeyedItem): Decoded<LiveState<'mapping'> | LiveState<'denial'> | undefined> =>
  mappingRefOf(item) === undefined ? decodeLive('denial', item) : decodeLive('mapping', item);
