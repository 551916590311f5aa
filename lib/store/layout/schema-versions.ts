/**
 * The schema version that this code writes for each kind of item, and the highest one that it reads. A version goes up
 * only if an older reader that ignores the change would admit more: the rules are in docs/upgrade.md.
 */
import type { RecordKind } from '../../records/kinds.ts';

export type VersionedKind = RecordKind | 'webhook-token';

export const schemaVersions: Readonly<Record<VersionedKind, number>> = {
  cluster: 1,
  set: 1,
  mapping: 1,
  denial: 1,
  binding: 1,
  'webhook-token': 1,
};
