import { describe, expect, test } from 'vitest';
import { ask, demoAccounts, keysOf, signed } from '../../demo-accounts.ts';

const accounts = demoAccounts();
const alice = keysOf(accounts, 'alice');
const whoAmI = { Action: 'GetCallerIdentity' };

describe('GetCallerIdentity of the stand-in for STS', () => {
  test.each([
    ['a presigned GET', { presigned: true }],
    ['a GET with an Authorization header', { method: 'GET' as const }],
    ['a POST with an Authorization header', {}],
    [
      'a request to a regional host',
      { host: 'sts.eu-central-1.amazonaws.com', region: 'eu-central-1', presigned: true },
    ],
    [
      'a request to a FIPS host',
      { host: 'sts-fips.us-west-2.amazonaws.com', region: 'us-west-2', presigned: true },
    ],
    [
      'a request to a dual-stack host',
      { host: 'sts.eu-west-1.api.aws', region: 'eu-west-1', presigned: true },
    ],
    [
      'a request to the stand-in’s own address for any region',
      { host: '127.0.0.1:4711', region: 'ap-south-1' },
    ],
  ])('returns the user who signed %s', (_, sent) => {
    const answer = ask(accounts, signed(whoAmI, alice, sent));
    expect([answer.status, answer.text('Arn'), answer.text('UserId'), answer.text('Account')]).toStrictEqual([
      200,
      'arn:aws:iam::111122223333:user/alice',
      'AIDADEMOALICE00000001',
      '111122223333',
    ]);
  });

  test('answers in JSON if Accept asks for it, and in XML otherwise', () => {
    const json = ask(accounts, signed(whoAmI, alice, { headers: { Accept: 'application/json' } }));
    expect(json.contentType).toBe('application/json');
    expect(JSON.parse(json.body)).toStrictEqual({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: {
          Arn: 'arn:aws:iam::111122223333:user/alice',
          UserId: 'AIDADEMOALICE00000001',
          Account: '111122223333',
        },
        ResponseMetadata: { RequestId: 'request-1' },
      },
    });
    const xml = ask(accounts, signed(whoAmI, alice, { headers: { Accept: '*/*' } }));
    expect(xml.contentType).toBe('text/xml');
    expect(xml.body).toContain(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    );
  });
});
