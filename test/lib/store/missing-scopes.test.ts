import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import { findMissingScopes, scopeExists } from '../../../lib/store/missing-scopes.ts';
import type { RecordStore } from '../../../lib/store/ports.ts';
import type { Scope } from '../../../lib/records/scope.ts';

const states: Readonly<Record<string, 'live' | 'deleted' | 'absent' | 'unreadable'>> = {
  one: 'live',
  old: 'deleted',
  damaged: 'unreadable',
  prod: 'live',
};

/** A store with the records above, which counts its calls. */
function storeWith(failing?: 'cluster' | 'set') {
  const calls: string[] = [];
  const readEach = async (kind: string, refs: readonly Record<string, string>[]) => {
    calls.push(`${kind} ${refs.map((ref) => ref['id'] ?? ref['name']).join()}`);
    if (kind === failing) return unavailable('store_unavailable', { cause: 'ECONNRESET' });
    return ok(refs.map((ref) => ({ kind, ref, state: states[ref['id'] ?? ref['name'] ?? ''] ?? 'absent' })));
  };
  return { calls, store: { readEach } as unknown as Pick<RecordStore, 'readEach'> };
}

describe('findMissingScopes', () => {
  test.each<[Scope, boolean]>([
    ['all', false],
    ['cluster/one', false],
    ['cluster/none', true],
    ['cluster/old', true],
    ['cluster/damaged', false],
    ['set/prod', false],
    ['set/one-that-is-missing', true],
  ])('of %s reports a missing target: %s', async (scope, isMissing) => {
    const missing = await findMissingScopes(storeWith().store, [scope]);
    expect(missing).toEqual(ok(new Set(isMissing ? [scope] : [])));
  });

  test('reads each target once, in one call for each kind', async () => {
    const { store, calls } = storeWith();
    await findMissingScopes(store, ['cluster/one', 'set/prod', 'cluster/one', 'all', 'cluster/old']);
    expect(calls).toEqual(['cluster one,old', 'set prod']);
  });

  test.each(['cluster', 'set'] as const)('is unavailable if the %s records cannot be read', async (kind) => {
    const result = await findMissingScopes(storeWith(kind).store, ['cluster/one', 'set/prod']);
    expect(result).toMatchObject({ ok: false, failure: { code: 'store_unavailable' } });
  });
});

test('scopeExists compares a cluster with the clusters and a set with the sets', () => {
  const targets = { clusters: new Set(['one']), sets: new Set(['two']) };
  const scopes: Scope[] = ['all', 'cluster/one', 'cluster/two', 'set/one', 'set/two'];
  expect(scopes.filter((scope) => scopeExists(scope, targets))).toEqual(['all', 'cluster/one', 'set/two']);
});
