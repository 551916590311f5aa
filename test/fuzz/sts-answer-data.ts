/** Answers of STS, and the text that fuzzers damage them with. */
import type { UnverifiedRequest } from '../../lib/token/parse/unverified-request.ts';

export const request: UnverifiedRequest = {
  host: 'sts.us-east-1.amazonaws.com',
  partition: 'aws',
  region: 'us-east-1',
  accessKeyId: 'AKIADEMOALICE0000001',
  signedAt: 0,
  expiresAt: 900_000,
  canonicalQuery: 'Action=GetCallerIdentity',
};
/** A caller that no mapping can name. */
export const serviceRole = {
  Account: '111122223333',
  Arn: 'arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0123456789abcdef0',
  UserId: '111122223333:aws:ec2-instance:i-0123456789abcdef0',
};
export const A = '111122223333';
export const B = '444455556666';
export const identities = [
  { Account: A, Arn: `arn:aws:iam::${A}:user/alice`, UserId: 'AIDADEMOALICE00000001' },
  { Account: A, Arn: `arn:aws:iam::${A}:user/dev/alice`, UserId: 'AIDADEMOALICE00000001' },
  { Account: A, Arn: `arn:aws:sts::${A}:assumed-role/Admin/alice`, UserId: 'AROADEMOADMIN00000001:alice' },
  { Account: A, Arn: `arn:aws:sts::${A}:federated-user/Bob`, UserId: `${A}:Bob` },
  { Account: A, Arn: `arn:aws:iam::${A}:root`, UserId: A },
];
/** Halves of an identity that do not belong to each other, and other partitions. */
export const values = {
  Account: [A, B, '', '11112222333', 111_122_223_333, null, [A], { A }],
  Arn: [
    ...identities.map(({ Arn }) => Arn),
    ...identities.map(({ Arn }) => Arn.replaceAll(A, B)),
    ...identities.map(({ Arn }) => Arn.replace('aws', 'aws-cn')),
    serviceRole.Arn,
    `arn:aws:iam::${A}:role/Admin`,
    `arn:aws:sts::${A}:assumed-role/Admin`,
    '',
    null,
    7,
    [`arn:aws:iam::${A}:root`],
  ],
  UserId: [
    ...identities.map(({ UserId }) => UserId),
    serviceRole.UserId,
    'AROADEMOADMIN00000001',
    'AROADEMOADMIN00000001:bob',
    `${B}:Bob`,
    B,
    '',
    null,
    {},
  ],
};

export const snippets = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0041',
  '\\u0000',
  'null',
  ' ',
  '\n',
  '\0',
  '\uFEFF',
  'é',
  '1e999',
  '//',
  '"Account":"444455556666",',
  '"Arn":"arn:aws:iam::444455556666:root",',
  '"GetCallerIdentityResult":{},',
  '"__proto__":{},',
  'GetCallerIdentityResponse',
  '<x/>',
  A,
  B,
  ':bob',
  '/',
];

export const metadata = { RequestId: 'x' };
export const intact = identities.map((identity) =>
  Buffer.from(
    JSON.stringify({
      GetCallerIdentityResponse: { GetCallerIdentityResult: identity, ResponseMetadata: metadata },
    }),
  ),
);
