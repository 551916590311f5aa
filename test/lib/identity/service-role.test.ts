import { describe, expect, test } from 'vitest';
import { parseServiceRole } from '../../../lib/identity/service-role.ts';

const Account = '111122223333';
const Arn = `arn:aws:sts::${Account}:assumed-role/aws:ec2-instance/i-0123456789abcdef0`;
const UserId = `${Account}:aws:ec2-instance:i-0123456789abcdef0`;
const reported = { Account, Arn, UserId };

describe('a role of AWS itself', () => {
  test.each([
    ['the instance identity role', reported, 'aws:ec2-instance'],
    [
      'one with a unique id',
      { ...reported, UserId: 'AROADEMOINSTANCE00001:i-0123456789abcdef0' },
      'aws:ec2-instance',
    ],
    [
      'one of another service',
      {
        Account,
        Arn: `arn:aws:sts::${Account}:assumed-role/aws:ssm/mi-1`,
        UserId: `${Account}:aws:ssm:mi-1`,
      },
      'aws:ssm',
    ],
  ])('is recognized: %s', (_, answer, name) => {
    expect(parseServiceRole(answer, 'aws')).toBe(name);
  });

  test.each([16, 128])('is recognized with a unique id of %d characters', (length) => {
    const answer = { ...reported, UserId: `${'A'.repeat(length)}:i-0123456789abcdef0` };
    expect(parseServiceRole(answer, 'aws')).toBe('aws:ec2-instance');
  });

  test('is recognized in the partition that was asked about only', () => {
    const china = { ...reported, Arn: Arn.replace('aws', 'aws-cn') };
    expect(parseServiceRole(china, 'aws-cn')).toBe('aws:ec2-instance');
    expect(parseServiceRole(china, 'aws')).toBeUndefined();
    expect(parseServiceRole(reported, 'aws-cn')).toBeUndefined();
  });

  test.each([
    ['another account', { Account: '444455556666' }],
    ['the session of another instance', { UserId: UserId.replace('i-0', 'i-1') }],
    ['another role in its user id', { UserId: UserId.replace('ec2', 'ec3') }],
    ['a unique id of 129 characters', { UserId: `${'A'.repeat(129)}:i-0123456789abcdef0` }],
    ['text before its unique id', { UserId: 'x:AROADEMOINSTANCE00001:i-0123456789abcdef0' }],
    ['text behind its unique id', { UserId: 'AROADEMOINSTANCE00001x:i-0123456789abcdef0' }],
    ['another session behind its unique id', { UserId: 'AROADEMOINSTANCE00001:x:i-0123456789abcdef0' }],
    ['the session without a colon', { UserId: 'AROADEMOINSTANCE00001i-0123456789abcdef0' }],
    ['a short unique id', { UserId: 'AROADEMO:i-0123456789abcdef0' }],
    ['a unique id in lower case', { UserId: 'aroademoinstance00001:i-0123456789abcdef0' }],
    ['a unique id without a session', { UserId: 'AROADEMOINSTANCE00001' }],
    ['a unique id with a longer session', { UserId: 'AROADEMOINSTANCE00001:i-0123456789abcdef0:x' }],
    ['the name of an IAM role', { Arn: Arn.replace('aws:ec2-instance', 'ec2-instance') }],
    ['a role of another prefix', { Arn: Arn.replace('aws:ec2', 'ec2:aws') }],
    ['a role without a name', { Arn: Arn.replace('aws:ec2-instance', 'aws:') }],
    ['no session', { Arn: Arn.replace('/i-0123456789abcdef0', '') }],
    ['more than a session', { Arn: `${Arn}/x` }],
    ['an ARN of IAM', { Arn: Arn.replace(':sts:', ':iam:') }],
    ['text before its ARN', { Arn: `x${Arn}` }],
    ['a line after its ARN', { Arn: `${Arn}\n` }],
  ])('is not recognized with %s', (_, change) => {
    expect(parseServiceRole({ ...reported, ...change }, 'aws')).toBeUndefined();
  });
});
