import { describe, expect, test } from 'vitest';
import { requireChange, requireForce, requireRole } from '../../../../lib/admin/change/authorize.ts';
import type { Caller, Who } from '../../../../lib/admin/change/authorize.ts';
import { cluster, denial, mapping } from '../../../fixtures/records.ts';

const callers = {
  admin: { actor: 'a', role: { name: 'admin' } },
  operator: { actor: 'o', role: { name: 'operator', scopes: ['cluster/own'] } },
  auditor: { actor: 'r', role: { name: 'auditor' } },
  stranger: { actor: 's', role: 'not_listed' },
  unconfigured: { actor: 'u', role: 'not_configured' },
} as const satisfies Record<string, Caller>;
const names = ['admin', 'operator', 'auditor', 'stranger', 'unconfigured'] as const;

const allowed = (act: (caller: Caller) => void): readonly string[] =>
  names.filter((name) => {
    try {
      act(callers[name]);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: name === 'unconfigured' ? 'admins_not_configured' : 'forbidden' });
      return false;
    }
  });

test.each<[Who, readonly string[]]>([
  ['anyone', names],
  ['reader', ['admin', 'operator', 'auditor']],
  ['writer', ['admin', 'operator']],
  ['admin', ['admin']],
])('a route for %s is open to %j', (who, expected) => {
  expect(allowed((caller) => requireRole(caller, who))).toEqual(expected);
});

test('only an admin may use force', () => {
  expect(allowed(requireForce)).toEqual(['admin']);
});

describe('authorization of a change', () => {
  const own = mapping('x', { scope: 'cluster/own' });
  const other = mapping('x', { scope: 'cluster/other' });
  const both = ['admin', 'operator'];
  test.each<[readonly string[], string, (caller: Caller) => void]>([
    [both, 'create a mapping in its scope', (caller) => requireChange(caller, 'mapping', undefined, own)],
    [
      ['admin'],
      'create a mapping in another scope',
      (caller) => requireChange(caller, 'mapping', undefined, other),
    ],
    [['admin'], 'move a mapping out of its scope', (caller) => requireChange(caller, 'mapping', own, other)],
    [['admin'], 'move a mapping into its scope', (caller) => requireChange(caller, 'mapping', other, own)],
    [
      both,
      'create its cluster with defaults',
      (caller) => requireChange(caller, 'cluster', undefined, cluster('own')),
    ],
    [
      both,
      'delete its cluster with defaults',
      (caller) => requireChange(caller, 'cluster', cluster('own'), undefined),
    ],
    [
      ['admin'],
      'create another cluster',
      (caller) => requireChange(caller, 'cluster', undefined, cluster('other')),
    ],
    [
      ['admin'],
      'take a cluster out of a set by a deletion',
      (caller) => requireChange(caller, 'cluster', cluster('own', { sets: ['prod'] }), undefined),
    ],
    [
      ['admin'],
      'replace one admin group by another',
      (caller) => requireChange(caller, 'cluster', cluster('own'), cluster('own', { adminGroups: ['ops'] })),
    ],
    [
      both,
      'change the order of the sets of its cluster',
      (caller) =>
        requireChange(
          caller,
          'cluster',
          cluster('own', { sets: ['a', 'b'] }),
          cluster('own', { sets: ['b', 'a'] }),
        ),
    ],
    [['admin'], 'create a denial', (caller) => requireChange(caller, 'denial', undefined, denial('x'))],
    [['admin'], 'create a set', (caller) => requireChange(caller, 'set', undefined, { name: 'prod' })],
  ])('allows %j alone to %s', (expected, _change, act) => {
    expect(allowed(act)).toEqual(expected);
  });
});
