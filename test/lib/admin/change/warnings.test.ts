import { describe, expect, test } from 'vitest';
import {
  bindingWarnings,
  clusterWarnings,
  mappingWarnings,
  summarized,
} from '../../../../lib/admin/change/warnings.ts';
import type { Warning } from '../../../../lib/admin/change/warnings.ts';
import type { Mapping } from '../../../../lib/records/mapping.ts';
import { binding, cluster, mapping, roleArn } from '../../../fixtures/records.ts';

const codes = (warnings: readonly Warning[]): string[] => warnings.map(({ code }) => code);
const pin = { principalId: 'AROAEXAMPLEEXAMPLE01' };

describe('the warnings', () => {
  test.each<[string, Partial<Mapping>, string[]]>([
    ['a pinned role', pin, []],
    ['a role that is not pinned', {}, ['unpinned']],
    ['a role path', { ...pin, principal: { arn: roleArn('a/b/R') } }, ['path_stripped']],
    [
      'a role that Identity Center made',
      { ...pin, principal: { arn: roleArn('AWSReservedSSO_Admin_0123456789abcdef') } },
      ['permission_set_role'],
    ],
    ['an account', { principal: { accountId: '111122223333' } }, ['whole_account']],
    ['a root', { principal: { arn: 'arn:aws:iam::111122223333:root' } }, ['root']],
    ['a permission set', { principal: { permissionSet: { accountId: '111122223333', name: 'A' } } }, []],
    ['a federated user', { principal: { arn: 'arn:aws:sts::111122223333:federated-user/f' } }, []],
    ['a session name in the username', { ...pin, username: 'sso:{{SessionName}}' }, ['session_name']],
    ['a session name in a group', { ...pin, groups: ['team:{{SessionNameRaw}}'] }, ['session_name']],
    [
      'system:masters everywhere',
      { ...pin, scope: 'all', groups: ['system:masters'] },
      ['masters_everywhere'],
    ],
    ['a node of EC2', { ...pin, username: 'system:node:{{EC2PrivateDNSName}}' }, ['node_role_trust']],
    ['system:masters on one cluster', { ...pin, groups: ['system:masters'] }, []],
  ])('of a mapping with %s are as listed', (_name, fields, expected) => {
    expect(codes(mappingWarnings(mapping('R', fields)))).toEqual(expected);
  });

  test('of a binding and of a cluster name masters everywhere and missing admin groups', () => {
    expect(codes(bindingWarnings(binding('g', { scope: 'all', groups: ['system:masters'] })))).toEqual([
      'masters_everywhere',
    ]);
    expect(codes(clusterWarnings(cluster('c', { adminGroups: [] })))).toEqual(['no_admin_groups']);
    expect(codes(clusterWarnings(cluster('c')))).toEqual([]);
  });
});

test('summarized keeps the first three warnings of a code and counts the others', () => {
  const many = Array.from({ length: 10 }, (_, index) => ({ code: 'x', message: `x${index}.` }));
  expect(summarized([...many, { code: 'y', message: 'y.' }])).toEqual([
    'x0.',
    'x1.',
    'x2.',
    '7 more like the one before (x).',
    'y.',
  ]);
});
