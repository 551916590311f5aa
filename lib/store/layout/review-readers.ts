/** The kinds of record that a review reads. Separate from `codecs.ts`, to keep the reviewer small. */
import { clusterSchemaVersion, parseStoredCluster } from '../../records/cluster.ts';
import {
  denialId,
  denialKey as subjectKey,
  denialSchemaVersion,
  parseStoredDenial,
} from '../../records/denial.ts';
import { mappingId, mappingSchemaVersion, parseStoredMapping } from '../../records/mapping.ts';
import { principalKey } from '../../records/principal.ts';
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

export const mappingReader: RecordReader<'mapping'> = {
  schemaVersion: mappingSchemaVersion,
  refOf: mappingRefOf,
  refText: mappingId,
  parse: ({ scope, principalKey: key, owner }, record) =>
    ifNamed(
      parseStoredMapping(record),
      (mapping) =>
        mapping.scope === scope && mapping.owner === owner && principalKey(mapping.principal) === key,
    ),
  toStored: (ref, mapping, stored) => ({ ...mapping, ...ref, ...stored, id: mappingId(ref) }),
};

export const denialReader: RecordReader<'denial'> = {
  schemaVersion: denialSchemaVersion,
  refOf: denialRefOf,
  refText: denialId,
  parse: ({ principalKey: key, sessionName }, record) =>
    ifNamed(
      parseStoredDenial(record),
      (denial) => denial.sessionName === sessionName && subjectKey(denial) === key,
    ),
  toStored: (ref, denial, stored) => ({ ...denial, ...ref, ...stored, id: denialId(ref) }),
};
