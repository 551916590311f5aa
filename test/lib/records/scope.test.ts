import { expect, test } from 'vitest';
import { clusterScope, isScope, scopeParts, scopesOf, setScope } from '../../../lib/records/scope.ts';

test('scopesOf lists the cluster, each of its sets once, and all', () => {
  expect(scopesOf({ id: 'demo', sets: ['b', 'a', 'b'] })).toEqual(['cluster/demo', 'set/b', 'set/a', 'all']);
});

test('scopeParts returns the kind and the name of a scope', () => {
  expect(scopeParts(clusterScope('a.b'))).toEqual({ kind: 'cluster', id: 'a.b' });
  expect(scopeParts(setScope('prod'))).toEqual({ kind: 'set', name: 'prod' });
  expect(scopeParts('all')).toEqual({ kind: 'all' });
});

test.each(['all', 'cluster/A', 'set/a'])('isScope accepts the scope %j', (text) => {
  expect(isScope(text)).toBe(true);
});

test.each(['', 'ALL', 'cluster/', 'set/A', 'cluster/a\n', 'all/x', 'xall', 'xset/a'])(
  'isScope refuses the text %j',
  (text) => {
    expect(isScope(text)).toBe(false);
  },
);
