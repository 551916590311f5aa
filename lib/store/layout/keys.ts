/** The keys of the table (docs/data-model.md): the only place that builds or parses one. */
import type { DenialRef } from '../../records/denial.ts';
import type { MappingRef, Owner } from '../../records/mapping.ts';
import type { PrincipalKey } from '../../records/principal.ts';
import type { Scope } from '../../records/scope.ts';
import { isScope } from '../../records/scope.ts';

/** The key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The position of an item in the index `gsi1`. Items without these attributes are not in the index. */
export interface IndexKey {
  readonly gsi1pk: string;
  readonly gsi1sk: string;
}

export const indexName = 'gsi1';

/** Partitions of the index. */
export const indexPartitions = {
  cluster: 'CLUSTERS',
  set: 'SETS',
  denial: 'DENIALS',
  binding: 'BINDINGS',
  scope: (scope: Scope): string => `SCOPE#${scope}`,
  target: (target: string): string => `TARGET#${target}`,
} as const;

export const clusterPartition = (id: string): string => `CLUSTER#${id}`;
export const clusterKey = (id: string): ItemKey => ({ pk: clusterPartition(id), sk: 'CLUSTER' });
export const webhookTokenKey = (clusterId: string, tokenId: string): ItemKey => ({
  pk: clusterPartition(clusterId),
  sk: `WEBHOOK#${tokenId}`,
});
export const setKey = (name: string): ItemKey => ({ pk: `SET#${name}`, sk: 'SET' });
export const bindingKey = (id: string): ItemKey => ({ pk: `BINDING#${id}`, sk: 'BINDING' });

export const principalPartition = (key: PrincipalKey): string => `PRINCIPAL#${key}`;
export const mappingKey = ({ scope, principalKey, owner }: MappingRef): ItemKey => ({
  pk: principalPartition(principalKey),
  sk: `MAPPING#${scope}#${owner}`,
});
export const denialKey = ({ principalKey, sessionKey }: DenialRef): ItemKey => ({
  pk: principalPartition(principalKey),
  sk: sessionKey === undefined ? 'DENIAL' : `DENIAL#SESSION#${sessionKey}`,
});

export const syncPartition = 'SYNC';
export const leaseKey: ItemKey = { pk: syncPartition, sk: 'LEASE' };
export const runPrefix = 'RUN#';
export const runKey = (id: string): ItemKey => ({ pk: syncPartition, sk: `${runPrefix}${id}` });
export const syncedScopePrefix = 'SCOPE#';
export const syncedScopeKey = (scope: Scope): ItemKey => ({
  pk: syncPartition,
  sk: `${syncedScopePrefix}${scope}`,
});

/** The text after `prefix`; `undefined` if the text begins with something else, or ends there. */
const after = (prefix: string, text: string): string | undefined =>
  text.startsWith(prefix) && text.length > prefix.length ? text.slice(prefix.length) : undefined;

export const clusterIdOf = ({ pk, sk }: ItemKey): string | undefined =>
  sk === 'CLUSTER' ? after('CLUSTER#', pk) : undefined;
export const setNameOf = ({ pk, sk }: ItemKey): string | undefined =>
  sk === 'SET' ? after('SET#', pk) : undefined;
export const bindingIdOf = ({ pk, sk }: ItemKey): string | undefined =>
  sk === 'BINDING' ? after('BINDING#', pk) : undefined;
export const webhookTokenIdOf = ({ sk }: ItemKey): string | undefined => after('WEBHOOK#', sk);
export const runIdOf = ({ pk, sk }: ItemKey): string | undefined =>
  pk === syncPartition ? after(runPrefix, sk) : undefined;
export const changeIdOf = ({ pk, sk }: ItemKey): string | undefined =>
  after(changesPartition(''), pk) === undefined ? undefined : sk;

const isOwner = (text: string): text is Owner => text === 'manual' || text === 'group-sync';

/** The inverse of {@link mappingKey}. */
export function mappingRefOf({ pk, sk }: ItemKey): MappingRef | undefined {
  const principalKey = after('PRINCIPAL#', pk);
  const [, scope = '', owner = ''] = /^MAPPING#([^#]+)#([^#]+)$/.exec(sk) ?? [];
  return principalKey !== undefined && isScope(scope) && isOwner(owner)
    ? { scope, principalKey, owner }
    : undefined;
}

/** The inverse of {@link denialKey}. */
export function denialRefOf({ pk, sk }: ItemKey): DenialRef | undefined {
  const principalKey = after('PRINCIPAL#', pk);
  if (principalKey === undefined) return undefined;
  if (sk === 'DENIAL') return { principalKey };
  const sessionKey = after('DENIAL#SESSION#', sk);
  return sessionKey === undefined ? undefined : { principalKey, sessionKey };
}

/** Versions as text that sorts like numbers. */
const sortable = (version: number): string => version.toString().padStart(10, '0');

/** Places a change among those of its target. Several can claim one version; at most one of them was applied. */
export const changeIndexKey = (target: string, version: number, id: string): IndexKey => ({
  gsi1pk: indexPartitions.target(target),
  gsi1sk: `${sortable(version)}#${id}`,
});

/** The bounds of a target's changes from one version to another, both included. */
export const changeVersionRange = (from: number, to: number): readonly [string, string] => [
  sortable(from),
  `${sortable(to)}#~`,
];

export const changesPartition = (month: string): string => `CHANGES#${month}`;
