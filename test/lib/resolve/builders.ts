/** Builds stored records and callers from the fields that a test names. */
import { callerFromArn } from '../../../lib/identity/caller-identity.ts';
import type { CallerDetails, CallerIdentity } from '../../../lib/identity/caller-identity.ts';
import { denialId, denialRef } from '../../../lib/records/denial.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../../lib/records/principal.ts';
import type { Cluster } from '../../../lib/records/cluster.ts';
import type { Denial, StoredDenial } from '../../../lib/records/denial.ts';
import type { Mapping, StoredMapping } from '../../../lib/records/mapping.ts';
import type { Stored } from '../../../lib/records/bookkeeping.ts';

export const bookkeeping: Stored = {
  version: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  createdBy: 'test',
  updatedAt: '2026-11-01T00:00:00.000Z',
  updatedBy: 'test',
};

export type MappingFields = Omit<Mapping, 'owner'> & Partial<Pick<Mapping, 'owner'>>;

export function storedMapping(fields: MappingFields): StoredMapping {
  const mapping: Mapping = { owner: 'manual', ...fields };
  const ref = {
    scope: mapping.scope,
    principalKey: mappingKeyOf(mapping.principal),
    owner: mapping.owner,
  };
  return { ...mapping, ...ref, ...bookkeeping, id: mappingId(ref) };
}

export function storedDenial(denial: Denial): StoredDenial {
  const ref = denialRef(denial);
  return { ...denial, ...ref, ...bookkeeping, id: denialId(ref) };
}

export const cluster = (fields: Partial<Cluster> = {}): Cluster => ({
  id: 'demo',
  partition: 'aws',
  sets: [],
  adminGroups: ['system:masters'],
  ...fields,
});

export function caller(arn: string, details: CallerDetails = {}): CallerIdentity {
  const identity = callerFromArn(arn, details);
  if (identity === undefined) throw new Error(`${arn} is not the ARN of a caller.`);
  return identity;
}
