import { describe, expect, test } from 'vitest';
import { arnKey, parsePrincipalArn } from '../../../lib/identity/arn.ts';
import { partitionIds } from '../../../lib/identity/partitions.ts';

const account = '111122223333';

describe('parsePrincipalArn', () => {
  test.each([
    [`arn:aws:iam::${account}:role/Admin`, { kind: 'role', path: '/', name: 'Admin' }],
    [
      `arn:aws:iam::${account}:role/a/b/Admin`,
      { kind: 'role', path: '/a/b/', name: 'Admin', canonicalArn: `arn:aws:iam::${account}:role/Admin` },
    ],
    [
      `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`,
      {
        kind: 'role',
        path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
        name: 'AWSReservedSSO_Admin_0123456789abcdef',
        canonicalArn: `arn:aws:iam::${account}:role/AWSReservedSSO_Admin_0123456789abcdef`,
      },
    ],
    [`arn:aws:iam::${account}:user/alice`, { kind: 'user', path: '/', name: 'alice' }],
    [
      `arn:aws:iam::${account}:user/dev/eu/alice`,
      {
        kind: 'user',
        path: '/dev/eu/',
        name: 'alice',
        canonicalArn: `arn:aws:iam::${account}:user/dev/eu/alice`,
      },
    ],
    [`arn:aws:iam::${account}:user/a+b=c,d.e@f-g_h`, { kind: 'user', path: '/', name: 'a+b=c,d.e@f-g_h' }],
    [`arn:aws:iam::${account}:root`, { kind: 'root' }],
    [
      `arn:aws:sts::${account}:assumed-role/Admin/alice@example.com`,
      {
        kind: 'assumed-role',
        name: 'Admin',
        sessionName: 'alice@example.com',
        canonicalArn: `arn:aws:iam::${account}:role/Admin`,
      },
    ],
    [
      `arn:aws:sts::${account}:federated-user/Bob`,
      { kind: 'federated-user', name: 'Bob', canonicalArn: `arn:aws:sts::${account}:federated-user/Bob` },
    ],
  ])('the principal of %s is parsed', (arn, expected) => {
    expect(parsePrincipalArn(arn)).toEqual({
      partition: 'aws',
      accountId: account,
      canonicalArn: arn,
      ...expected,
    });
  });

  test.each(partitionIds)('an ARN of the partition %s is parsed', (partition) => {
    expect(parsePrincipalArn(`arn:${partition}:iam::${account}:root`)).toMatchObject({ partition });
  });
});

describe('limits of an ARN', () => {
  const name = (length: number): string => 'a'.repeat(length);
  const path = (length: number): string => `/${name(length - 2)}/`;
  test.each<[string, (size: number) => string, number]>([
    ['a role', (size) => `iam::${account}:role/${name(size)}`, 64],
    ['a user', (size) => `iam::${account}:user/${name(size)}`, 64],
    ['the role of a session', (size) => `sts::${account}:assumed-role/${name(size)}/x`, 64],
    ['a session', (size) => `sts::${account}:assumed-role/x/${name(size)}`, 64],
    ['a federated user', (size) => `sts::${account}:federated-user/${name(size)}`, 64],
    ['the path of a role', (size) => `iam::${account}:role${path(size)}x`, 512],
    ['the path of a user', (size) => `iam::${account}:user${path(size)}x`, 512],
  ])('%s is parsed at its limit, and refused one character over it', (_, make, limit) => {
    expect(parsePrincipalArn(`arn:aws:${make(limit)}`)).toBeDefined();
    expect(parsePrincipalArn(`arn:aws:${make(limit + 1)}`)).toBeUndefined();
  });
});

describe('text that names no principal', () => {
  test.each([
    '',
    'alice',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:iam::111122223333:role',
    'arn:aws:iam::111122223333:user/',
    'arn:aws:iam::111122223333:group/Developers',
    'arn:aws:iam::111122223333:role/Ad min',
    'arn:aws:iam::111122223333:role/a b/Admin',
    'arn:aws:iam::111122223333:user/a b/alice',
    'arn:aws:iam::111122223333:user/alice\n',
    'arn:aws:iam::111122223333:user/al*ce',
    'arn:aws:iam::111122223333:xrole/Admin',
    'arn:aws:iam::111122223333:xuser/alice',
    'arn:aws:sts::111122223333:xassumed-role/Admin/alice',
    'arn:aws:sts::111122223333:xfederated-user/bob',
    'arn:aws:sts::111122223333:assumed-role/Admin/al*ce',
    'arn:aws:sts::111122223333:assumed-role/Ad*min/alice',
    'arn:aws:sts::111122223333:federated-user/b*b',
    'arn:aws:sts::111122223333:assumed-role/Admin/alice/x',
    'xarn:aws:iam::111122223333:root',
    'arn:a:iam::111122223333:root',
    'arn:aws:iam::111122223333:',
    'arn:aws:iam::111122223333:role/Admin*',
    'arn:aws:iam::111122223333:role/Admin/',
    'arn:aws:iam::111122223333:role/Admin\n',
    ' arn:aws:iam::111122223333:role/Admin',
    'ARN:aws:iam::111122223333:role/Admin',
    'arn:aws:IAM::111122223333:role/Admin',
    'arn:aws:iam::111122223333:Role/Admin',
    'arn:aws:iam::111122223333:ROOT',
    'arn:aws:iam::111122223333:root/x',
    'arn:aws:iam::11112222333:root',
    'arn:aws:iam::1111222233334:root',
    'arn:aws:iam::*:root',
    'arn:aws:iam:us-east-1:111122223333:root',
    'arn:aws-xy:iam::111122223333:root',
    'arn::iam::111122223333:root',
    'arn:aws:s3::111122223333:root',
    'arn:aws:sts::111122223333:root',
    'arn:aws:sts::111122223333:role/Admin',
    'arn:aws:iam::111122223333:assumed-role/Admin/alice',
    'arn:aws:sts::111122223333:assumed-role/Admin',
    'arn:aws:sts::111122223333:assumed-role/Admin/',
    'arn:aws:sts::111122223333:assumed-role/path/Admin/alice',
    'arn:aws:sts::111122223333:assumed-role//alice',
    'arn:aws:sts::111122223333:federated-user/a/b',
    'arn:aws:sts::111122223333:federated-user/',
    'arn:aws:sts::111122223333:self',
    `arn:aws:iam::111122223333:role/${'a'.repeat(65)}`,
    'arn:aws:iam::111122223333:role/Admin\u212A',
    'arn:aws:iam::１１１１２２２２３３３３:root',
  ])('%j is refused', (text) => {
    expect(parsePrincipalArn(text)).toBeUndefined();
  });
});

test('ARNs compare without case', () => {
  for (const name of ['Admin', 'ADMIN', 'admin']) {
    const key = 'arn:aws:iam::111122223333:role/admin';
    expect(arnKey(`arn:aws:iam::111122223333:role/${name}`)).toBe(key);
  }
});
