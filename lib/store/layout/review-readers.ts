/** The kinds of record that a review reads. Separate from `codecs.ts`, to keep the reviewer small. */
import { clusterSchemaVersion, parseStoredCluster } from '../../records/cluster.ts';
import type { StaleKey } from '../../records/bookkeeping.ts';
import { denialId, denialRef, denialSchemaVersion, parseStoredDenial } from '../../records/denial.ts';
import { formerDenialRef, formerMappingRef } from '../../records/former-keys.ts';
import { mappingId, mappingRef, mappingSchemaVersion, parseStoredMapping } from '../../records/mapping.ts';
import { idRef, ifNamed } from './codec.ts';
import type { RecordReader } from './codec.ts';
import { clusterIdOf, denialRefOf, mappingRefOf } from './keys.ts';

export const clusterReader: RecordReader<'cluster'> = {
  schemaVersion: clusterSchemaVersion,
  refOf: (key) => idRef(clusterIdOf(key)),
  refText: ({ id }) => id,
  parse: ({ id }, record) => ifNamed(parseStoredCluster(record), (cluster) => cluster.id === id),
  toStored: (_ref, cluster, stored) => ({ ...cluster, ...stored }),
};

/** An item under a former key is readable, but no review reads it under today's. */
const mark = (isToday: boolean): StaleKey => (isToday ? {} : { staleKey: true });

export const mappingReader: RecordReader<'mapping'> = {
  schemaVersion: mappingSchemaVersion,
  refOf: mappingRefOf,
  refText: mappingId,
  parse: (ref, record) =>
    ifNamed(parseStoredMapping(record), (mapping) =>
      [mappingRef(mapping), formerMappingRef(mapping)].map(mappingId).includes(mappingId(ref)),
    ),
  toStored: (ref, mapping, stored) => {
    const id = mappingId(ref);
    return { ...mapping, ...ref, ...stored, id, ...mark(id === mappingId(mappingRef(mapping))) };
  },
};

export const denialReader: RecordReader<'denial'> = {
  schemaVersion: denialSchemaVersion,
  refOf: denialRefOf,
  refText: denialId,
  parse: (ref, record) =>
    ifNamed(parseStoredDenial(record), (denial) =>
      [denialRef(denial), formerDenialRef(denial)].map(denialId).includes(denialId(ref)),
    ),
  toStored: (ref, denial, stored) => {
    const id = denialId(ref);
    return { ...denial, ...ref, ...stored, id, ...mark(id === denialId(denialRef(denial))) };
  },
};
