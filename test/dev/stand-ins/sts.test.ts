import { describe, expect, it } from 'vitest';
import { serve } from '../../../dev/stand-ins/service.ts';
import { sts } from '../../../dev/stand-ins/sts/service.ts';
import { ask, credentialsIn, demoWorld, keysOf, now, signed, type Keys } from '../world.ts';

const world = demoWorld();
const alice = keysOf(world, 'alice');
const carol = keysOf(world, 'carol');
const build = keysOf(world, 'build');
const minute = 60_000;

const whoAmI = { Action: 'GetCallerIdentity' };
const admin = 'arn:aws:iam::111122223333:role/KubernetesAdmin';
const assume = (role: string, more: Record<string, string> = {}) => ({
  Action: 'AssumeRole',
  RoleArn: role,
  RoleSessionName: 'demo',
  ...more,
});

describe('GetCallerIdentity', () => {
  it.each([
    ['a presigned GET', { presigned: true }],
    ['a GET with an Authorization header', { method: 'GET' as const }],
    ['a POST with an Authorization header', {}],
    ['a regional host', { host: 'sts.eu-central-1.amazonaws.com', region: 'eu-central-1', presigned: true }],
    ['a FIPS host', { host: 'sts-fips.us-west-2.amazonaws.com', region: 'us-west-2', presigned: true }],
    ['a dual-stack host', { host: 'sts.eu-west-1.api.aws', region: 'eu-west-1', presigned: true }],
    ['the stand-in’s own address, any region', { host: '127.0.0.1:4711', region: 'ap-south-1' }],
  ])('names the user who signed: %s', (_, sent) => {
    const answer = ask(world, signed(whoAmI, alice, sent));
    expect([answer.status, answer.text('Arn'), answer.text('UserId'), answer.text('Account')]).toStrictEqual([
      200,
      'arn:aws:iam::111122223333:user/alice',
      'AIDADEMOALICE00000001',
      '111122223333',
    ]);
  });

  it('answers in JSON where Accept asks for it, and in XML otherwise', () => {
    const json = ask(world, signed(whoAmI, alice, { headers: { Accept: 'application/json' } }));
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
    const xml = ask(world, signed(whoAmI, alice, { headers: { Accept: '*/*' } }));
    expect(xml.contentType).toBe('text/xml');
    expect(xml.body).toContain(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    );
  });
});

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
    'half a signature',
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
    'a host that is not of STS',
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
    'an operation that there is not',
    400,
    'InvalidAction',
    () => signed({ Action: 'GetFederationToken' }, alice),
  ],
  ['another version', 400, 'InvalidAction', () => signed({ ...whoAmI, Version: '2010-05-08' }, alice)],
  [
    'a parameter given twice',
    404,
    'MalformedQueryString',
    () => {
      const request = signed(whoAmI, alice, { presigned: true });
      return { ...request, target: `${request.target}&Action=AssumeRole` };
    },
  ],
  ['another method', 400, 'InvalidParameterValue', () => ({ ...signed(whoAmI, alice), method: 'PUT' })],
];

describe('a request is refused in AWS’s words', () => {
  it.each(refusals)('%s: %i %s', (_, status, code, make) => {
    const answer = ask(world, make() as never);
    expect([answer.status, answer.text('Code'), answer.text('Type')]).toStrictEqual([status, code, 'Sender']);
    expect(answer.text('RequestId')).toBe('request-1');
  });

  it('in JSON where Accept asks for it', () => {
    const request = signed(
      whoAmI,
      { ...alice, secretAccessKey: 'wrong' },
      { headers: { Accept: 'application/json' } },
    );
    const { body, status } = serve(sts, request, { world, now, requestId: 'request-2' });
    expect([status, JSON.parse(body)]).toMatchObject([
      403,
      { Error: { Type: 'Sender', Code: 'SignatureDoesNotMatch' }, RequestId: 'request-2' },
    ]);
  });

  it('with 400 and Throttling where the fixture throttles the caller', () => {
    const busy = demoWorld((aws) => {
      (aws.accounts[0] as { users: { throttled?: boolean }[] }).users[0]!.throttled = true;
    });
    const answer = ask(busy, signed(whoAmI, alice, { presigned: true }));
    expect([answer.status, answer.text('Code')]).toStrictEqual([400, 'Throttling']);
  });

  it('where the key was made inactive', () => {
    const changed = demoWorld((aws) => {
      (aws.accounts[0] as { users: { keys: { inactive?: boolean }[] }[] }).users[0]!.keys[0]!.inactive = true;
    });
    expect(ask(changed, signed(whoAmI, alice)).text('Code')).toBe('InvalidClientTokenId');
  });
});

describe('the date window', () => {
  it.each([
    ['presigned, to the second 15 minutes old', { presigned: true, at: now - 15 * minute }],
    ['presigned, to the second 5 minutes ahead', { presigned: true, at: now + 5 * minute }],
    ['signed by header, to the second 5 minutes old', { at: now - 5 * minute }],
  ])('takes a request that is %s', (_, sent) => {
    expect(ask(world, signed(whoAmI, alice, sent)).status).toBe(200);
  });
});

describe('AssumeRole', () => {
  const session = credentialsIn(ask(world, signed(assume(admin), alice)));
  const whoIs = (keys: Keys, at = now) =>
    ask(world, signed(whoAmI, keys, { presigned: true, at }), 'sts', at);

  it('gives keys that GetCallerIdentity knows as the session', () => {
    expect(session.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const answer = whoIs(session);
    expect([answer.text('Arn'), answer.text('UserId')]).toStrictEqual([
      'arn:aws:sts::111122223333:assumed-role/KubernetesAdmin/demo',
      'AROADEMOKUBERNETESADM:demo',
    ]);
  });

  it('gives keys that expire after the hour', () => {
    expect(whoIs(session, now + 60 * minute - 1).status).toBe(200);
    const late = whoIs(session, now + 60 * minute);
    expect([late.status, late.text('Code')]).toStrictEqual([403, 'ExpiredToken']);
  });

  it.each([
    ['is missing', { ...session, sessionToken: undefined }, 'InvalidClientTokenId'],
    [
      'has a flipped byte',
      { ...session, sessionToken: `B${session.sessionToken!.slice(1)}` },
      'InvalidClientTokenId',
    ],
    ['belongs to another key', { ...session, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }, 'InvalidClientTokenId'],
    ['has the wrong secret beside it', { ...session, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ])('gives keys that are refused where the session token %s', (_, keys, code) => {
    expect(whoIs(keys).text('Code')).toBe(code);
  });

  it('ends with the role: made again, it is another', () => {
    const remade = demoWorld((aws) => {
      (aws.accounts[0] as { roles: { id: string }[] }).roles[0]!.id = 'AROADEMOKUBERNETES002';
    });
    expect(ask(remade, signed(whoAmI, session)).text('Code')).toBe('InvalidClientTokenId');
  });

  it('refuses who is not trusted, like a role that there is not', () => {
    const mallory = keysOf(world, 'mallory');
    const missing = 'arn:aws:iam::111122223333:role/Missing';
    for (const answer of [
      ask(world, signed(assume(admin), mallory)),
      ask(world, signed(assume(missing), alice)),
    ]) {
      expect([answer.status, answer.text('Code')]).toStrictEqual([403, 'AccessDenied']);
    }
  });

  it('trusts everybody of an account whose root is trusted', () => {
    const analyst = assume('arn:aws:iam::444455556666:role/Analyst');
    expect(ask(world, signed(analyst, keysOf(world, 'erin'))).status).toBe(200);
    expect(ask(world, signed(analyst, alice)).status).toBe(403);
  });

  it.each([
    ['right', { ExternalId: 'deploy-from-ci' }, 200],
    ['wrong', { ExternalId: 'another' }, 403],
    ['missing', {}, 403],
  ])('compares the external id: %s', (_, more, status) => {
    const deployer = 'arn:aws:iam::111122223333:role/automation/Deployer';
    expect(ask(world, signed(assume(deployer, more), build)).status).toBe(status);
  });

  it.each([
    ['right', { SerialNumber: 'arn:aws:iam::111122223333:mfa/carol', TokenCode: '123456' }, 200],
    ['a wrong code', { SerialNumber: 'arn:aws:iam::111122223333:mfa/carol', TokenCode: '654321' }, 403],
    ['another device', { SerialNumber: 'arn:aws:iam::111122223333:mfa/alice', TokenCode: '123456' }, 403],
    ['missing', {}, 403],
  ])('wants the second factor: %s', (_, more, status) => {
    expect(ask(world, signed(assume('arn:aws:iam::111122223333:role/BreakGlass', more), carol)).status).toBe(
      status,
    );
  });

  it.each([
    ['a session name with a space', { RoleSessionName: 'a b' }],
    ['a session name of one letter', { RoleSessionName: 'a' }],
    ['14 minutes', { DurationSeconds: '840' }],
    ['longer than the role allows', { DurationSeconds: '3601' }],
    ['an ARN of something else', { RoleArn: 'arn:aws:iam::111122223333:user/alice' }],
  ])('validates what it is given: %s', (_, more) => {
    const answer = ask(world, signed(assume(admin, more), alice));
    expect([answer.status, answer.text('Code')]).toStrictEqual([400, 'ValidationError']);
  });

  it('pads the session token to the size that the fixture asks for', () => {
    const large = demoWorld((aws) => {
      Object.assign((aws.accounts[0] as { roles: object[] }).roles[0]!, { sessionTokenBytes: '4096' });
    });
    const keys = credentialsIn(ask(large, signed(assume(admin), alice)));
    expect(keys.sessionToken!.length).toBe(4096);
    expect(ask(large, signed(whoAmI, keys, { presigned: true })).status).toBe(200);
  });
});
