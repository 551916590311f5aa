/** Builders that the tests of the exports share. */
import { awsAuthEntries } from '../../../lib/migration/export-aws-auth.ts';
import type { Exported } from '../../../lib/migration/export-aws-auth.ts';
import { denialId, denialRef } from '../../../lib/records/denial.ts';
import type { Denial, StoredDenial } from '../../../lib/records/denial.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import type { Mapping, StoredMapping } from '../../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../../lib/records/principal.ts';

const bookkeeping = { version: 1, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
const now = Date.parse('2026-11-22T00:00:00Z');

export function stored(one: Mapping): StoredMapping {
  const ref = { scope: one.scope, principalKey: mappingKeyOf(one.principal), owner: one.owner };
  return { ...one, ...ref, ...bookkeeping, id: mappingId(ref) };
}
const storedDenial = (one: Denial): StoredDenial => ({
  ...one,
  ...denialRef(one),
  ...bookkeeping,
  id: denialId(denialRef(one)),
});
export const entriesOf = (mappings: readonly Mapping[], denials: readonly Denial[] = []): Exported =>
  awsAuthEntries({ mappings: mappings.map(stored), denials: denials.map(storedDenial), now });
