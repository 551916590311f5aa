import { describe, expect, test } from 'vitest';
import { findSecrets } from '../support/secrets.ts';

const hex = 'ab'.repeat(32);
const url = `https://sts.amazonaws.com/?X-Amz-Signature=${hex}`;
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

describe('the search that closes the suite finds a leak seeded on purpose', () => {
  test.each([
    ['a token', `k8s-aws-v1.${base64url(url)}`],
    ['a presigned URL', url],
    ['a presigned URL in base64url', base64url(url)],
    ['a presigned URL in base64 of base64', Buffer.from(base64url(url)).toString('base64')],
    ['an Authorization header', `AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=${hex}`],
    ['a session token', 'X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE'],
    ['a webhook token', `cswt_${'A'.repeat(43)}`],
    ['the secret key of a fixture', ['demo', 'secret', 'alice'].join('-')],
  ])('%s', (_name, text) => {
    expect(findSecrets(`some words before ${text} and after`)).not.toEqual([]);
  });

  test('and nothing in a decision event', () => {
    expect(
      findSecrets(
        '{"cluster":"demo","code":"principal_not_mapped","arn":"arn:aws:iam::111122223333:user/bob"}',
      ),
    ).toEqual([]);
  });
});
