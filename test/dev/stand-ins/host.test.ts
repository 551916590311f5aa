import { describe, expect, test } from 'vitest';
import { readHost } from '../../../dev/stand-ins/host.ts';

describe('the host of a request', () => {
  test.each([
    ['sts.amazonaws.com', 'sts', { partition: 'aws', region: 'us-east-1' }],
    ['iam.amazonaws.com', 'iam', { partition: 'aws', region: 'us-east-1' }],
    ['sts.us-gov-west-1.amazonaws.com', 'sts', { partition: 'aws-us-gov', region: 'us-gov-west-1' }],
    ['sts.cn-north-1.amazonaws.com.cn', 'sts', { partition: 'aws-cn', region: 'cn-north-1' }],
    ['sts.us-iso-east-1.c2s.ic.gov', 'sts', { partition: 'aws-iso', region: 'us-iso-east-1' }],
    ['sts.eusc-de-east-1.amazonaws.eu', 'sts', { partition: 'aws-eusc', region: 'eusc-de-east-1' }],
  ] as const)('%s is a host of %s: %o', (host, service, expected) => {
    expect(readHost(host, service)).toStrictEqual({ kind: 'aws', ...expected });
  });

  test.each([
    'sts.s3.amazonaws.com',
    'iam.amazonaws.com',
    'sts.eu-west-1.example.com',
    'xsts.eu-west-1.amazonaws.com',
    '',
  ])('%j is no host of STS', (host) => {
    expect(readHost(host, 'sts')).toStrictEqual({ kind: 'other' });
  });
});
