/** The kinds of record that a review reads. Apart from `codecs.ts`, to keep the reviewer small. */
import { denialId, denialKey as subjectKey, parseStoredDenial } from '../../records/denial.ts';
import { mappingId, parseStoredMapping } from '../../records/mapping.ts';
import { principalKey } from '../../records/principal.ts';
import { parseStoredCluster } from '../../records/cluster.ts';
import { idRef, ifNamed } from './codec.ts';
import type { Codec } from './codec.ts';
import {
  clusterIdOf,
  clusterKey,
  denialKey,
  denialRefOf,
  indexPartitions,
  mappingKey,
  mappingRefOf,
} from './keys.ts';

export const clusterCodec: Codec<'cluster'> = {
  key: ({ id }) => clusterKey(id),
  refOf: (key) => idRef(clusterIdOf(key)),
  indexKey: ({ id }) => ({ gsi1pk: indexPartitions.cluster, gsi1sk: id }),
  parse: ({ id }, record) => ifNamed(parseStoredCluster(record), (cluster) => cluster.id === id),
  toStored: (_ref, cluster, stored) => ({ ...cluster, ...stored }),
};

export const mappingCodec: Codec<'mapping'> = {
  key: mappingKey,
  refOf: mappingRefOf,
  indexKey: ({ scope, principalKey, owner }) => ({
    gsi1pk: indexPartitions.scope(scope),
    gsi1sk: `${principalKey}#${owner}`,
  }),
  parse: ({ scope, principalKey: key, owner }, record) =>
    ifNamed(
      parseStoredMapping(record),
      (mapping) =>
        mapping.scope === scope && mapping.owner === owner && principalKey(mapping.principal) === key,
    ),
  toStored: (ref, mapping, stored) => ({ ...mapping, ...ref, ...stored, id: mappingId(ref) }),
};

export const denialCodec: Codec<'denial'> = {
  key: denialKey,
  refOf: denialRefOf,
  indexKey: (ref, createdAt) => ({
    gsi1pk: indexPartitions.denial,
    gsi1sk: `${createdAt}#${denialId(ref)}`,
  }),
  parse: ({ principalKey: key, sessionName }, record) =>
    ifNamed(
      parseStoredDenial(record),
      (denial) => denial.sessionName === sessionName && subjectKey(denial) === key,
    ),
  toStored: (ref, denial, stored) => ({ ...denial, ...ref, ...stored, id: denialId(ref) }),
};
