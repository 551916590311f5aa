import { expect, test } from 'vitest';
import { callerFromArn } from '../../../../lib/identity/caller-identity.ts';
import { nearMiss } from '../../../../lib/admin/access/near-misses.ts';
import { mappingId } from '../../../../lib/records/mapping.ts';
import type { Principal } from '../../../../lib/records/principal.ts';
import type { Scope } from '../../../../lib/records/scope.ts';
import type { StoredMapping } from '../../../../lib/records/mapping.ts';
import { mapping, mappingRef } from '../../../fixtures/records.ts';
import vectors from '../../../vectors/near-misses.json' with { type: 'json' };

const bookkeeping = { version: 1, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };

test('a mapping of the caller under a key of an earlier version: stale-key', () => {
  const arn = 'arn:aws:iam::111122223333:user/eng/alice';
  const record = mapping('', { principal: { arn }, scope: 'all' });
  const ref = { ...mappingRef(record), principalKey: arn };
  const stored: StoredMapping = { ...record, ...ref, ...bookkeeping, id: mappingId(ref), staleKey: true };
  const near = (caller: string) =>
    nearMiss(callerFromArn(caller)!, { id: 'prod', sets: [] }, stored)?.differs;
  expect(near(arn)).toBe('stale-key');
  expect(near('arn:aws:iam::444455556666:user/alice')).toBe('account');
  expect(near('arn:aws:iam::111122223333:user/bob')).toBeUndefined();
});

test.each(vectors.rows)(
  '$caller and $principal in $scope: $differs',
  ({ caller, principal, scope, differs }) => {
    const record = mapping('', { principal: principal as Principal, scope: scope as Scope });
    const ref = mappingRef(record);
    const stored: StoredMapping = { ...record, ...ref, ...bookkeeping, id: mappingId(ref) };
    const found = nearMiss(callerFromArn(caller)!, { id: 'prod', sets: ['live'] }, stored);
    expect(found?.differs ?? null).toBe(differs);
  },
);
