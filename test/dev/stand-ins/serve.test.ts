import { describe, expect, test } from 'vitest';
import { serve } from '../../../dev/stand-ins/serve.ts';
import { sts } from '../../../dev/stand-ins/sts/service.ts';
import { ask, demoAccounts, keysOf, now, signed } from '../demo-accounts.ts';

const accounts = demoAccounts();
const alice = keysOf(accounts, 'alice');
const minute = 60_000;
const whoAmI = { Action: 'GetCallerIdentity' };

const refusals: readonly (readonly [what: string, status: number, code: string, body: () => unknown])[] = [
  [
    'no signature',
    403,
    'MissingAuthenticationToken',
    () => ({
      ...signed(whoAmI, alice),
      headers: [
        ['Host', 'sts.amazonaws.com'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
    }),
  ],
  [
    'an incomplete signature',
    400,
    'IncompleteSignature',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, target: request.target.replace(/&X-Amz-Credential=[^&]+/, '') };
    },
  ],
  [
    'a header and a query signature',
    400,
    'IncompleteSignature',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, headers: [...request.headers, ['Authorization', 'AWS4-HMAC-SHA256 x']] };
    },
  ],
  [
    'another algorithm',
    400,
    'IncompleteSignature',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, target: request.target.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256') };
    },
  ],
  [
    'an unknown key',
    403,
    'InvalidClientTokenId',
    () => signed(whoAmI, { ...alice, accessKeyId: 'AKIANOBODY0000000001' }),
  ],
  [
    'a wrong secret',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, { ...alice, secretAccessKey: 'wrong' }),
  ],
  [
    'a session token with a user’s key',
    403,
    'InvalidClientTokenId',
    () => signed(whoAmI, { ...alice, sessionToken: 'AAAA' }),
  ],
  [
    'another service in the scope',
    403,
    'SignatureDoesNotMatch',
    () => signed({ ...whoAmI, Version: '2011-06-15' }, alice, { service: 'iam', host: 'sts.amazonaws.com' }),
  ],
  [
    'another region than the host’s',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { host: 'sts.eu-west-1.amazonaws.com', region: 'us-east-1' }),
  ],
  [
    'the global host signed for another region',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { region: 'eu-west-1' }),
  ],
  [
    'another host than the one signed',
    403,
    'SignatureDoesNotMatch',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, headers: [['Host', 'sts-fips.us-east-1.amazonaws.com']] };
    },
  ],
  [
    'a host of another service',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { host: 'sts.s3.amazonaws.com' }),
  ],
  [
    'another partition’s host',
    403,
    'InvalidClientTokenId',
    () => signed(whoAmI, alice, { host: 'sts.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' }),
  ],
  [
    'a presigned request 15 minutes and a second old',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { presigned: true, at: now - 15 * minute - 1000 }),
  ],
  [
    'a presigned request from 5 minutes and a second ahead',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { presigned: true, at: now + 5 * minute + 1000 }),
  ],
  [
    'a signed POST 5 minutes and a second old',
    403,
    'SignatureDoesNotMatch',
    () => signed(whoAmI, alice, { at: now - 5 * minute - 1000 }),
  ],
  [
    'an operation that does not exist',
    400,
    'InvalidAction',
    () => signed({ Action: 'GetFederationToken' }, alice),
  ],
  ['another version', 400, 'InvalidAction', () => signed({ ...whoAmI, Version: '2010-05-08' }, alice)],
  [
    'a repeated parameter',
    404,
    'MalformedQueryString',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, target: `${request.target}&Action=AssumeRole` };
    },
  ],
  ['another method', 400, 'InvalidParameterValue', () => ({ ...signed(whoAmI, alice), method: 'PUT' })],
];

describe('a refused request', () => {
  test.each(refusals)('with %s gets %i %s', (_, status, code, make) => {
    const answer = ask(accounts, make() as never);
    expect([answer.status, answer.text('Code'), answer.text('Type')]).toStrictEqual([status, code, 'Sender']);
    expect(answer.text('RequestId')).toBe('request-1');
  });

  test('gets its error in JSON if Accept asks for it', () => {
    const request = signed(
      whoAmI,
      { ...alice, secretAccessKey: 'wrong' },
      { headers: { Accept: 'application/json' } },
    );
    const { body, status } = serve(sts, request, { accounts, now, requestId: 'request-2' });
    expect([status, JSON.parse(body)]).toMatchObject([
      403,
      { Error: { Type: 'Sender', Code: 'SignatureDoesNotMatch' }, RequestId: 'request-2' },
    ]);
  });

  test('gets 400 Throttling if the fixture throttles the caller', () => {
    const busy = demoAccounts((aws) => {
      (aws.accounts[0] as { users: { throttled?: boolean }[] }).users[0]!.throttled = true;
    });
    const answer = ask(busy, signed(whoAmI, alice, { presigned: true }));
    expect([answer.status, answer.text('Code')]).toStrictEqual([400, 'Throttling']);
  });

  test('gets InvalidClientTokenId if the key is inactive', () => {
    const changed = demoAccounts((aws) => {
      (aws.accounts[0] as { users: { keys: { inactive?: boolean }[] }[] }).users[0]!.keys[0]!.inactive = true;
    });
    expect(ask(changed, signed(whoAmI, alice)).text('Code')).toBe('InvalidClientTokenId');
  });
});

describe('the time window of a signature', () => {
  test.each([
    ['presigned and exactly 15 minutes old', { presigned: true, at: now - 15 * minute }],
    ['presigned and exactly 5 minutes ahead', { presigned: true, at: now + 5 * minute }],
    ['signed by header and exactly 5 minutes old', { at: now - 5 * minute }],
  ])('includes a request that is %s', (_, sent) => {
    expect(ask(accounts, signed(whoAmI, alice, sent)).status).toBe(200);
  });
});
