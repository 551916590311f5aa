import { describe, expect, test } from 'vitest';
import type { Caller } from '../../../../lib/admin/change/authorize.ts';
import { commit } from '../../../../lib/admin/change/commit.ts';
import type { WriteOptions } from '../../../../lib/admin/change/commit.ts';
import type { AdminDependencies } from '../../../../lib/admin/dependencies.ts';
import type { ClusterSet } from '../../../../lib/records/set.ts';
import type { RecordState } from '../../../../lib/records/kinds.ts';

const admin: Caller = { actor: 'alice', role: { name: 'admin' } };
const auditor: Caller = { actor: 'carol', role: { name: 'auditor' } };
const record: ClusterSet = { name: 'prod' };
const changed: ClusterSet = { name: 'prod', description: 'x' };
const ref = { name: 'prod' };
const by = { createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
const absent: RecordState<'set'> = { kind: 'set', ref, state: 'absent', version: 0 };
const written = { kind: 'set', ref, version: 7, changeId: 'c' } as const;
const deleted: RecordState<'set'> = { ...written, state: 'deleted', deletedAt: '', deletedBy: '' };
const live: RecordState<'set'> = {
  ...written,
  state: 'live',
  record,
  stored: { ...record, ...by, version: 7 },
};

/** What was written, and the outcome or the code of the refusal. */
async function outcomeOf(
  current: RecordState<'set'>,
  after: ClusterSet | undefined,
  options: Partial<WriteOptions> = {},
  conflict?: string,
) {
  const writes: string[] = [];
  const answer = (name: string, next: RecordState<'set'>) => async () => {
    writes.push(name);
    return {
      ok: true,
      value: conflict === undefined ? { applied: true, current: next } : { applied: false, conflict },
    };
  };
  const store = { put: answer('put', live), remove: answer('remove', deleted) };
  const dependencies = { store } as unknown as AdminDependencies;
  const outcome = await commit(dependencies, current, after, { caller: admin, ...options }).catch(
    (error: unknown) => (error as { code: string }).code,
  );
  return [typeof outcome === 'string' ? outcome : { ...outcome }, writes] as const;
}

describe('a commit of a change', () => {
  test.each<[string, RecordState<'set'>, ClusterSet | undefined, object, readonly string[]]>([
    ['a new record', absent, record, { outcome: 'stored', action: 'create' }, ['put']],
    ['a record that was deleted', deleted, record, { outcome: 'stored', action: 'create' }, ['put']],
    ['a changed record', live, changed, { outcome: 'stored', action: 'update' }, ['put']],
    ['a deletion', live, undefined, { outcome: 'deleted' }, ['remove']],
    ['nothing for an equal record', live, { ...record }, { outcome: 'stored', action: 'none' }, []],
  ])('writes %s to the store', async (_what, current, after, expected, writes) => {
    expect(await outcomeOf(current, after)).toMatchObject([expected, writes]);
    const [rehearsed, nothing] = await outcomeOf(current, after, { dryRun: true });
    expect(rehearsed).toMatchObject({ outcome: 'dry_run', after });
    expect(nothing).toEqual([]);
  });
});

describe('a refused commit', () => {
  test.each<[string, RecordState<'set'>, Partial<WriteOptions>, string]>([
    ['with already_exists if the record must be new', live, { mustBeNew: true }, 'already_exists'],
    ['with version_mismatch for another version', live, { ifMatch: 6 }, 'version_mismatch'],
    ['with version_mismatch for * without a record', absent, { ifMatch: '*' }, 'version_mismatch'],
    [
      'with version_mismatch for the version of a deleted record',
      deleted,
      { ifMatch: 7 },
      'version_mismatch',
    ],
    ['with forbidden if the caller is an auditor', live, { caller: auditor }, 'forbidden'],
  ])('writes nothing and fails %s', async (_condition, current, options, code) => {
    let isVerified = false;
    const verify = async () => void (isVerified = true);
    expect(await outcomeOf(current, changed, { ...options, verify })).toEqual([code, []]);
    expect(isVerified).toBe(false);
  });

  test('fails with not_found if there is nothing to delete', async () => {
    expect(await outcomeOf(absent, undefined)).toEqual(['not_found', []]);
  });
});

test.each([7, '*'] as const)(
  'a commit with ifMatch %s is written if the live record has version 7',
  async (ifMatch) => {
    expect(await outcomeOf(live, changed, { ifMatch })).toMatchObject([{ outcome: 'stored' }, ['put']]);
  },
);

test.each([
  ['exists', {}, 'already_exists'],
  ['missing', {}, 'not_found'],
  ['moved', {}, 'write_conflict'],
  ['moved', { ifMatch: 7 }, 'version_mismatch'],
] as const)(
  'a write that the store refuses with %s and options %j is the problem %s',
  async (conflict, options, code) => {
    expect(await outcomeOf(live, changed, options, conflict)).toEqual([code, ['put']]);
  },
);
