/** What a review asks of the store, and what it gets. */
import type { DenialRef, StoredDenial } from './denial.ts';
import type { MappingRef, StoredMapping } from './mapping.ts';

/** All that a review could need to know of one principal on one cluster: 6 to 28 keys, read in one call. */
export interface Lookup {
  readonly mappings: readonly MappingRef[];
  readonly denials: readonly DenialRef[];
}

/** The entries that exist. All keys were read, or the result is *unavailable*: no entry is ever missing by accident. */
export interface Entries {
  readonly mappings: readonly StoredMapping[];
  readonly denials: readonly StoredDenial[];
}
