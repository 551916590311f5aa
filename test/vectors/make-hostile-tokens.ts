/**
 * The hostile corpus: tokens that must be refused before a connection is opened, by the rule of the grammar that refuses them.
 * `npm run docs` writes the result to `hostile-tokens.json`, and `test/docs/generated.test.ts` compares.
 */
import { demoKeys, expectedSignature, tokenOf } from '../fixtures/presign.ts';

export interface HostileToken {
  readonly name: string;
  /** A row of the threat table that tokens can show. */
  readonly threat: string;
  /** The rule of `lib/token/parse/token.ts` that refuses it. */
  readonly rule: string;
  readonly code: string;
  /** The cluster's partition; default `aws`. */
  readonly partition?: string;
  /** The presigned URL; its token is `k8s-aws-v1.` and its base64url. */
  readonly url?: string;
  /** The token itself, where it is not the wrapping of a URL. */
  readonly token?: string;
  /** Follows the token, `times` times. */
  readonly repeat?: string;
  readonly times?: number;
}

type Pair = readonly [name: string, rawValue: string];

const host = 'sts.us-east-1.amazonaws.com';
const unsigned: readonly Pair[] = [
  ['Action', 'GetCallerIdentity'],
  ['Version', '2011-06-15'],
  ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
  ['X-Amz-Credential', `${demoKeys.accessKeyId}%2F20261122%2Fus-east-1%2Fsts%2Faws4_request`],
  ['X-Amz-Date', '20261122T062900Z'],
  ['X-Amz-Expires', '60'],
  ['X-Amz-SignedHeaders', 'host%3Bx-k8s-aws-id'],
];
const signature = expectedSignature({
  host,
  clusterId: 'demo',
  secretAccessKey: demoKeys.secretAccessKey,
  parameters: unsigned.map(([name, value]): Pair => [name, decodeURIComponent(value)]),
});
const pairs: readonly Pair[] = [...unsigned, ['X-Amz-Signature', signature]];

const queryOf = (list: readonly Pair[]): string => list.map((pair) => pair.join('=')).join('&');
const urlWith = ({ base = `https://${host}/?`, list = pairs }: { base?: string; list?: readonly Pair[] }): string =>
  base + queryOf(list);

/** The control: the same token with nothing wrong. It is accepted. */
export const flawlessUrl = urlWith({});

const atHost = (name: string): string => urlWith({ base: `https://${name}/?` });
const setting = (name: string, raw: string): string =>
  urlWith({
    list: pairs.some(([known]) => known === name)
      ? pairs.map((pair): Pair => (pair[0] === name ? [name, raw] : pair))
      : [...pairs, [name, raw]],
  });
const without = (name: string): string => urlWith({ list: pairs.filter(([known]) => known !== name) });
const renaming = (from: string, to: string): string =>
  urlWith({ list: pairs.map(([name, value]): Pair => [name === from ? to : name, value]) });
const adding = (text: string): string => `${flawlessUrl}&${text}`;
const adding1st = (text: string): string => flawlessUrl.replace('/?', `/?${text}&`);
const credentialOf = (parts: readonly string[]): string => setting('X-Amz-Credential', parts.join('%2F'));
const key = demoKeys.accessKeyId;

const cases: HostileToken[] = [];
type Body = Pick<HostileToken, 'url' | 'token' | 'repeat' | 'times' | 'partition'>;

/** Adds the tokens of one rule; names are made unique by the rule. */
function refuse(
  group: Pick<HostileToken, 'threat' | 'rule' | 'code'>,
  tokens: Readonly<Record<string, string | Body>>,
): void {
  for (const [name, body] of Object.entries(tokens)) {
    cases.push({ name: `${group.rule}: ${name}`, ...group, ...(typeof body === 'string' ? { url: body } : body) });
  }
}

/** One token for each value of a parameter. */
function refuseValues(
  group: Pick<HostileToken, 'threat' | 'rule' | 'code'>,
  parameter: string,
  rawValues: readonly string[],
): void {
  refuse(group, Object.fromEntries(rawValues.map((raw) => [`${parameter}=${raw.slice(0, 80)}`, setting(parameter, raw)])));
}

const wrapped = tokenOf(flawlessUrl);
const payload = wrapped.slice('k8s-aws-v1.'.length);

refuse(
  { threat: 'tokens of other systems, floods', rule: 'prefix', code: 'foreign_token' },
  Object.fromEntries(
    Object.entries({
      empty: '',
      'a JSON Web Token': 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6YSJ9.c2ln',
      'the prefix without its dot': `k8s-aws-v1${payload}`,
      'the prefix in capitals': `K8S-AWS-V1.${payload}`,
      'another version': `k8s-aws-v2.${payload}`,
      'a space before it': ` ${wrapped}`,
      'a scheme before it': `Bearer ${wrapped}`,
      'a colon for the dot': `k8s-aws-v1:${payload}`,
      'a fullwidth dot': `k8s-aws-v1．${payload}`,
      'a byte order mark before it': `\uFEFF${wrapped}`,
      'the bare URL': flawlessUrl,
      'the bare base64url': payload,
    }).map(([name, token]) => [name, { token }]),
  ),
);
refuse(
  { threat: 'tokens of other systems, floods', rule: 'prefix', code: 'foreign_token' },
  { 'a quarter of a megabyte of something else': { token: '', repeat: 'x', times: 262_144 } },
);

refuse(
  { threat: 'sizes', rule: 'size', code: 'token_too_large' },
  {
    'one byte over': { token: 'k8s-aws-v1.', repeat: 'A', times: 16_374 },
    'two bytes over': { token: 'k8s-aws-v1.', repeat: 'A', times: 16_375 },
    'a quarter of a megabyte': { token: 'k8s-aws-v1.', repeat: 'A', times: 262_133 },
    'a whole token and more behind it': { token: wrapped, repeat: 'A', times: 16_384 },
    'few characters of many bytes': { token: 'k8s-aws-v1.', repeat: '€', times: 5_460 },
    'a session token without end': {
      token: tokenOf(`${flawlessUrl}&X-Amz-Security-Token=`).slice(0, -2),
      repeat: 'QUFB',
      times: 4_000,
    },
  },
);

refuse(
  { threat: 'lenient decoders', rule: 'base64url', code: 'token_malformed' },
  Object.fromEntries(
    Object.entries({
      'one padding character': `${wrapped}=`,
      'two padding characters': `${wrapped}==`,
      'escaped padding': `${wrapped}%3D`,
      'a line break at the end': `${wrapped}\n`,
      'a space at the end': `${wrapped} `,
      'a tab inside': `${wrapped.slice(0, 40)}\t${wrapped.slice(40)}`,
      'a NUL inside': `${wrapped.slice(0, 40)}\0${wrapped.slice(40)}`,
      'a dot inside': `${wrapped.slice(0, 40)}.${wrapped.slice(40)}`,
      'the plus of the other alphabet': tokenOf(`https://${host}/?>>>`).replaceAll('-', '+').replace('k8s+aws+v1', 'k8s-aws-v1'),
      'the slash of the other alphabet': tokenOf(`https://${host}/???`).replaceAll('_', '/'),
      'letters that look the same': wrapped.replace('A', 'А'),
      'one character': 'k8s-aws-v1.A',
      'a length that cannot be': `k8s-aws-v1.${payload.slice(0, 401)}`,
      'stray bits in the last character, of two': 'k8s-aws-v1.aB',
      'stray bits in the last character, of three': 'k8s-aws-v1.aHR',
      'the prefix twice': `k8s-aws-v1.${wrapped}`,
      'quotes around it': `k8s-aws-v1."${payload}"`,
      'an emoji': `k8s-aws-v1.${payload}😀`,
    }).map(([name, token]) => [name, { token }]),
  ),
);

refuse(
  { threat: 'URL parsers that mend', rule: 'visible-ascii', code: 'token_malformed' },
  {
    'a space in the query': adding('a b=c'),
    'a space at the end': `${flawlessUrl} `,
    'a space before the scheme': ` ${flawlessUrl}`,
    'a tab in the host': atHost('sts.us-east-1\t.amazonaws.com'),
    'a line break in the host': atHost('sts.us-east-1.amazonaws.com\n'),
    'a header behind a line break': `${flawlessUrl}\r\nHost: evil.example`,
    'a whole request behind it': `${flawlessUrl} HTTP/1.1\r\nHost: sts.amazonaws.com\r\n\r\nGET /`,
    'a NUL in the host': atHost('sts.us-east-1.amazonaws.com\0.evil.example'),
    'a fullwidth dot in the host': atHost('sts．us-east-1.amazonaws.com'),
    'an ideographic full stop in the host': atHost('sts。us-east-1.amazonaws.com'),
    'a long s in the host': atHost('ſts.us-east-1.amazonaws.com'),
    'a Kelvin sign in a name': renaming('X-Amz-Date', 'X-Amz-K\u212Aey'),
    'a fullwidth solidus': `https://${host}／?${queryOf(pairs)}`,
    'a byte order mark': `\uFEFF${flawlessUrl}`,
    'a delete character': setting('X-Amz-Expires', '60\x7f'),
    'a zero-width space': atHost('sts.us-east-1.amazon\u200Baws.com'),
    'a right-to-left override': atHost('sts.us-east-1.amazonaws.com\u202Emoc.live'),
    'a soft hyphen in the host': atHost('sts.us-east-1.amazon\u00ADaws.com'),
    'an accent in a value': setting('Action', 'GetCallerIdentité'),
  },
);

refuse(
  { threat: 'SSRF', rule: 'scheme', code: 'token_malformed' },
  {
    nothing: { token: 'k8s-aws-v1.' },
    http: flawlessUrl.replace('https', 'http'),
    'capital letters': flawlessUrl.replace('https', 'HTTPS'),
    'one capital letter': flawlessUrl.replace('https', 'httpS'),
    'no scheme': flawlessUrl.replace('https://', ''),
    'no scheme, but slashes': flawlessUrl.replace('https:', ''),
    'one slash': flawlessUrl.replace('https://', 'https:/'),
    'no slash': flawlessUrl.replace('https://', 'https:'),
    backslashes: flawlessUrl.replace('https://', String.raw`https:\\`),
    'mixed slashes': flawlessUrl.replace('https://', String.raw`https:/\\`),
    ftp: flawlessUrl.replace('https', 'ftp'),
    wss: flawlessUrl.replace('https', 'wss'),
    'a file': 'file:///etc/passwd',
    javascript: 'javascript:alert(1)',
    data: 'data:application/json,{}',
    'an escaped colon': flawlessUrl.replace('https:', 'https%3A'),
    'a wrapping scheme': `view-source:${flawlessUrl}`,
    'a URL inside a path': `/redirect?to=${flawlessUrl}`,
    JSON: '{"url":"https://sts.amazonaws.com/"}',
    'a request line': `GET=/?${queryOf(pairs)}`,
  },
);

refuse(
  { threat: 'host checked by shape', rule: 'host-listed', code: 'host_not_listed' },
  Object.fromEntries(
    [
      'sts.s3.amazonaws.com',
      's3.amazonaws.com',
      'sts.us-east-1.s3.amazonaws.com',
      'sts.us-east-1.amazonaws.com.evil.example',
      'evil.example',
      'sts.us-east-1.amazonaws.com.cn',
      'sts.amazonaws.com.cn',
      'sts.us-east-1.amazonaws.com.',
      '.sts.us-east-1.amazonaws.com',
      'sts..us-east-1.amazonaws.com',
      'STS.us-east-1.amazonaws.com',
      'sts.US-EAST-1.amazonaws.com',
      'STS.AMAZONAWS.COM',
      'xsts.us-east-1.amazonaws.com',
      'us-east-1.sts.amazonaws.com',
      'sts-us-east-1.amazonaws.com',
      'sts.us-east-1.amazonaws.co',
      'sts.us-east-1.amazonaws.comm',
      'sts.us-east-1xamazonaws.com',
      'sts.us-east-9.amazonaws.com',
      'sts.xx-east-1.amazonaws.com',
      'sts.aws-global.amazonaws.com',
      'sts.api.aws',
      'sts.us-east-1.api.aws.evil.example',
      'sts-fips.eu-west-1.amazonaws.com',
      'sts-fips.us-gov-west-1.amazonaws.com',
      'sts-fips.amazonaws.com',
      'iam.amazonaws.com',
      'execute-api.us-east-1.amazonaws.com',
      'ec2-198-51-100-1.compute-1.amazonaws.com',
      'abc.execute-api.us-east-1.amazonaws.com',
      'vpce-0123456789abcdef0-abcdefgh.sts.us-east-1.vpce.amazonaws.com',
      'sts.us-east-1.vpce.amazonaws.com',
      'xn--sts-us-east-1.amazonaws.com',
      '__proto__',
      'constructor',
      'toString',
    ].map((name) => [name, atHost(name)]),
  ),
);
refuse(
  { threat: 'URL parsers that mend', rule: 'host-listed', code: 'host_not_listed' },
  Object.fromEntries(
    [
      '',
      'sts.us-east-1.amazonaws.com@evil.example',
      'evil.example@sts.us-east-1.amazonaws.com',
      'user:secret@sts.us-east-1.amazonaws.com',
      '@sts.us-east-1.amazonaws.com',
      'sts.us-east-1.amazonaws.com:443',
      'sts.us-east-1.amazonaws.com:00443',
      'sts.us-east-1.amazonaws.com:80',
      'sts.us-east-1.amazonaws.com:',
      'sts%2eus-east-1.amazonaws.com',
      'sts.us-east-1.amazonaws%2Ecom',
      '%73ts.us-east-1.amazonaws.com',
      'sts.us-east-1.amazonaws.com%00.evil.example',
      'sts.us-east-1.amazonaws.com%23.evil.example',
      'sts.us-east-1.amazonaws.com%2F.evil.example',
      'sts.us-east-1.amazonaws.com;.evil.example',
      'sts.us-east-1.amazonaws.com,evil.example',
      'sts.us-east-1.amazonaws.com&.evil.example',
      "sts.us-east-1.amazonaws.com'.evil.example",
    ].map((name) => [name, atHost(name)]),
  ),
);
refuse(
  { threat: 'SSRF', rule: 'host-listed', code: 'host_not_listed' },
  Object.fromEntries(
    [
      'localhost',
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
      '169.254.170.2',
      '[fd00:ec2::254]',
      'metadata.google.internal',
      '10.0.0.1',
      '0',
      'kubernetes.default.svc',
    ].map((name) => [name, atHost(name)]),
  ),
);

refuse(
  { threat: 'host checked by shape', rule: 'host-of-partition', code: 'host_not_listed' },
  {
    'China, for a cluster of aws': atHost('sts.cn-north-1.amazonaws.com.cn'),
    'China, dual stack, for a cluster of aws': atHost('sts.cn-north-1.api.amazonwebservices.com.cn'),
    'GovCloud, for a cluster of aws': atHost('sts.us-gov-west-1.amazonaws.com'),
    'the sovereign cloud, for a cluster of aws': atHost('sts.eusc-de-east-1.amazonaws.eu'),
    'an isolated region, for a cluster of aws': atHost('sts.us-iso-east-1.c2s.ic.gov'),
    'the global host, for a cluster of GovCloud': { url: atHost('sts.amazonaws.com'), partition: 'aws-us-gov' },
    'aws, for a cluster of GovCloud': { url: flawlessUrl, partition: 'aws-us-gov' },
    'aws, for a cluster of China': { url: flawlessUrl, partition: 'aws-cn' },
    'one isolated partition, for a cluster of another': {
      url: atHost('sts.us-isob-east-1.sc2s.sgov.gov'),
      partition: 'aws-iso',
    },
    'aws, for a cluster of the sovereign cloud': { url: flawlessUrl, partition: 'aws-eusc' },
  },
);

refuse(
  { threat: 'URL parsers that mend', rule: 'path', code: 'token_malformed' },
  Object.fromEntries(
    [
      '?',
      '/',
      '//?',
      '///?',
      '/./?',
      '/../?',
      '/%2e/?',
      '/%2e%2e/?',
      '/%2F?',
      '/;?',
      '/foo?',
      '/foo/../?',
      '/index.html?',
      '/%3F',
      '/#?',
      '#/?',
      '#@evil.example/?',
      '?@evil.example/?',
      String.raw`\?`,
      String.raw`\@evil.example/?`,
      String.raw`/\evil.example/?`,
      '/*?',
    ].map((path) => [`https://<host>${path}`, urlWith({ base: `https://${host}${path}` })]),
  ),
);

refuse(
  { threat: 'two spellings of a parameter', rule: 'pair', code: 'token_malformed' },
  {
    'an empty query': `https://${host}/?`,
    'an empty part at the end': `${flawlessUrl}&`,
    'an empty part at the start': flawlessUrl.replace('/?', '/?&'),
    'an empty part inside': flawlessUrl.replace('&Version', '&&Version'),
    'a name without a value at the end': adding('Action'),
    'a name without a value at the start': adding1st('Action'),
    'an unknown name without a value': adding('debug'),
    'only ampersands': `https://${host}/?&&&&`,
    'one long word': `https://${host}/?${'A'.repeat(5000)}`,
    'an escaped equals sign': flawlessUrl.replace('Action=', 'Action%3D'),
    'an escaped query': `https://${host}/?${encodeURIComponent(queryOf(pairs))}`,
  },
);

const names = [...pairs.map(([name]) => name), 'X-Amz-Security-Token'];
const spelled = (name: string): Record<string, string> => ({
  [`${name} in lower case, instead`]: renaming(name, name.toLowerCase()),
  [`${name} in lower case, besides`]: adding(`${name.toLowerCase()}=x`),
  [`${name} in capitals, before`]: adding1st(`${name.toUpperCase()}=x`),
});
for (const name of names.slice(0, -1)) {
  refuse(
    { threat: 'two spellings of a parameter', rule: 'parameter-known', code: 'parameter_not_allowed' },
    spelled(name),
  );
}
refuse(
  { threat: 'two spellings of a parameter', rule: 'parameter-known', code: 'parameter_not_allowed' },
  {
    'an escaped letter, instead': renaming('Action', 'A%63tion'),
    'an escaped letter, besides': adding('A%63tion=AssumeRole'),
    'an escaped hyphen': renaming('X-Amz-Date', 'X%2DAmz%2DDate'),
    'a plus behind it': adding('Action+=AssumeRole'),
    'a plus before it': adding('+Action=AssumeRole'),
    'brackets behind it': adding('Action[]=AssumeRole'),
    'an index behind it': adding('Action[0]=AssumeRole'),
    'a NUL behind it': adding('Action%00=AssumeRole'),
    'a dot behind it': adding('Action.=AssumeRole'),
    'underscores for hyphens': renaming('X-Amz-Date', 'X_Amz_Date'),
    'no hyphens': renaming('X-Amz-Date', 'XAmzDate'),
    'the empty name': adding('=AssumeRole'),
    'a semicolon for an ampersand, before a name': adding(';Action=AssumeRole'),
    'a question mark before a name': adding('?Action=AssumeRole'),
    'a fragment before a name': adding('#Action=AssumeRole'),
    __proto__name: adding('__proto__=x'),
    constructor_name: adding('constructor=x'),
    'a name of five thousand characters': adding(`${'A'.repeat(5000)}=x`),
    'a security token in lower case': adding('x-amz-security-token=QUFB'),
  },
);
refuse(
  { threat: 'client-controlled action, headers or format', rule: 'parameter-known', code: 'parameter_not_allowed' },
  Object.fromEntries(
    [
      'RoleArn=arn:aws:iam::111122223333:role/Admin',
      'RoleSessionName=x',
      'DurationSeconds=900',
      'ContentType=JSON',
      'Format=XML',
      'callback=f',
      'x-k8s-aws-id=demo',
      'X-K8s-Aws-Id=demo',
      'X-Amz-Target=AWSSecurityTokenServiceV20110615.AssumeRole',
      'X-Amz-User-Agent=x',
      'X-Amz-Content-Sha256=UNSIGNED-PAYLOAD',
      'X-Amz-Meta-A=b',
      'response-content-type=text/html',
      'Host=evil.example',
      'X-Forwarded-Host=evil.example',
      'x-id=GetCallerIdentity',
      'Expires=60',
      'tagging=1',
    ].map((text) => [text, adding(text)]),
  ),
);
refuse(
  { threat: 'SigV4a, SigV2, other actions', rule: 'parameter-known', code: 'parameter_not_allowed' },
  Object.fromEntries(
    [
      'X-Amz-Region-Set=*',
      `AWSAccessKeyId=${key}`,
      'SignatureVersion=2',
      'SignatureMethod=HmacSHA256',
      'Signature=c2ln',
      'Timestamp=2026-11-22T06%3A29%3A00Z',
      'Policy=e30%3D',
      'X-Amz-S3session-Token=x',
    ].map((text) => [text, adding(text)]),
  ),
);

for (const [name, value] of [...pairs, ['X-Amz-Security-Token', 'QUFB']] as const) {
  const one = name === 'X-Amz-Security-Token' ? setting(name, value) : flawlessUrl;
  refuse(
    { threat: 'two spellings of a parameter', rule: 'parameter-once', code: 'parameter_repeated' },
    {
      [`${name}, the same again`]: `${one}&${name}=${value}`,
      [`${name}, another value behind`]: `${one}&${name}=other`,
      [`${name}, another value before`]: one.replace('/?', `/?${name}=other&`),
      [`${name}, without a value`]: `${one}&${name}=`,
    },
  );
}

for (const [name] of pairs) {
  refuse(
    { threat: 'two spellings of a parameter', rule: 'parameter-present', code: 'parameter_missing' },
    { [`no ${name}`]: without(name) },
  );
}

const escapes = { threat: 'lenient decoders', rule: 'escapes', code: 'parameter_invalid' };
refuseValues(escapes, 'Action', ['GetCaller%', 'GetCaller%4', 'GetCaller%zz', 'GetCaller%u0049', 'Get+Caller', 'Get#Caller', '%%', 'a@b', 'a!b', "a'b", 'a(b)', 'a*b', 'a,b', 'a<b>', 'a"b', 'a{b}', 'a|b', 'a^b', 'a`b', 'a?b', 'a$b', 'GetCallerIdentity;Version=2011-06-15']);
refuseValues(escapes, 'X-Amz-SignedHeaders', ['host;x-k8s-aws-id', 'host%3bx-k8s-aws-id%', 'host%3Bx-k8s-aws-id#']);
refuseValues(escapes, 'X-Amz-Security-Token', ['QUF+QQ', 'QUF#QQ', 'QUF%2']);
refuseValues(escapes, 'X-Amz-Date', ['20261122T062900Z+', '%']);
refuseValues(escapes, 'X-Amz-Expires', ['+60', '6%']);

const otherActions = { threat: 'SigV4a, SigV2, other actions', code: 'parameter_invalid' };
refuseValues({ ...otherActions, rule: 'action' }, 'Action', ['', 'AssumeRole', 'GetSessionToken', 'GetFederationToken', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage', 'getcalleridentity', 'GETCALLERIDENTITY', 'GetCallerIdentity%20', '%20GetCallerIdentity', 'GetCallerIdentity%00', 'GetCallerIdentity%0A', 'GetCallerIdentity%26Action%3DAssumeRole', 'GetCallerIdentit%2579', 'GetCallerIdentity%2CAssumeRole', 'GetCallerIdentity=', 'GetCallerIdentity/']);
refuseValues({ ...otherActions, rule: 'version' }, 'Version', ['', '2010-05-08', '2011-06-16', '2011-6-15', '20110615', '2011-06-15%20', '2011-06-15Z', '2011%2F06%2F15', 'latest']);
refuseValues({ ...otherActions, rule: 'algorithm' }, 'X-Amz-Algorithm', ['', 'AWS4-ECDSA-P256-SHA256', 'AWS4-HMAC-SHA1', 'AWS4-HMAC-SHA512', 'AWS3-HMAC-SHA256', 'HmacSHA256', 'aws4-hmac-sha256', 'AWS4-HMAC-SHA256%20', 'AWS4-HMAC-SHA256-PAYLOAD', 'none', 'AWS4-HMAC-SHA256%00']);

refuseValues(
  { threat: 'token of one cluster played to another', rule: 'signed-headers', code: 'cluster_header_not_signed' },
  'X-Amz-SignedHeaders',
  ['', 'host', 'x-k8s-aws-id', 'x-k8s-aws-id%3Bhost', 'Host%3BX-K8s-Aws-Id', 'host%3Bx-k8s-aws-id%3B', '%3Bhost%3Bx-k8s-aws-id', 'host%3B%3Bx-k8s-aws-id', 'host%2Cx-k8s-aws-id', 'host%20x-k8s-aws-id', 'host%3B%20x-k8s-aws-id', 'host%253Bx-k8s-aws-id', 'host%3Bhost%3Bx-k8s-aws-id', 'host%3Bx-k8s-aws-idx', 'host%3Bx-k8s-aws', 'host%3Bx-amz-date%3Bx-k8s-aws-id', 'host%3Bx-k8s-aws-id%00'],
);
refuseValues(
  { threat: 'client-controlled action, headers or format', rule: 'signed-headers', code: 'cluster_header_not_signed' },
  'X-Amz-SignedHeaders',
  ['accept%3Bhost%3Bx-k8s-aws-id', 'content-type%3Bhost%3Bx-k8s-aws-id', 'host%3Buser-agent%3Bx-k8s-aws-id', 'host%3Bx-amz-content-sha256%3Bx-k8s-aws-id', 'host%3Bx-vault-aws-iam-server-id', 'host%3Btransfer-encoding%3Bx-k8s-aws-id'],
);

const lenient = { threat: 'lenient decoders', code: 'parameter_invalid' };
refuseValues({ ...lenient, rule: 'security-token' }, 'X-Amz-Security-Token', ['', '%00', 'QUFB%00', 'QUFB%0A', '%0AQUFB', 'QUFB%0D%0AHost%3A%20evil.example', 'QUFB%09', 'QUFB%1F', '%7FQUFB', 'QUFB%80', '%C3%A9', '%FF', '%A0QUFB']);
refuse(
  { threat: 'sizes', rule: 'security-token-size', code: 'parameter_invalid' },
  {
    'a session token that grows by its escapes': setting('X-Amz-Security-Token', '/'.repeat(4097)),
    'a session token that is three times as long as it looks': setting('X-Amz-Security-Token', '=:/'.repeat(3900)),
    'a session token of raw colons': setting('X-Amz-Security-Token', ':'.repeat(11_000)),
    'a session token of raw slashes between letters': setting('X-Amz-Security-Token', 'A/'.repeat(3100)),
    'a session token with an escape too many': setting('X-Amz-Security-Token', `${'/'.repeat(4095)}AAAA`),
  },
);
refuseValues({ ...lenient, rule: 'signature' }, 'X-Amz-Signature', ['', '0', signature.slice(1), `${signature}0`, signature.toUpperCase(), `0x${signature.slice(2)}`, `g${signature.slice(1)}`, `${signature}%20`, `${signature.slice(1)}%0A`, signature + signature, Buffer.from(signature, 'hex').toString('base64url'), `${signature.slice(1)}%2530`, `-${signature.slice(1)}`]);
refuseValues({ ...lenient, rule: 'date' }, 'X-Amz-Date', ['', '20260230T062900Z', '20260229T062900Z', '20261322T062900Z', '20260022T062900Z', '20261100T062900Z', '20261131T062900Z', '20261122T242900Z', '20261122T066000Z', '20261122T062960Z', '2026-11-22T06:29:00Z', '20261122T062900', '20261122t062900z', '20261122T062900.000Z', '20261122T062900%2B0000', '20261122062900', '1795329000', '20261122T062900Z%20', '-0261122T062900Z', '020261122T062900Z', '00001122T062900Z', 'now']);
refuseValues({ ...lenient, rule: 'expires' }, 'X-Amz-Expires', ['', '-1', '901', '999', '1000', '604800', '99999999999999999999', '60.0', '1e2', '0x3c', '060', '00', '%2B60', '%2060', '60%20', '60s', 'NaN', 'Infinity', '6%00', '6%2530', '1_0']);

/** A token signed at that moment, in a scope of the same day. */
const signedAt = (date: string): string =>
  flawlessUrl
    .replace('20261122T062900Z', date)
    .replace('%2F20261122%2F', `%2F${date.slice(0, 8)}%2F`);
refuse(
  { threat: 'replay of old tokens', rule: 'not-expired', code: 'token_expired' },
  Object.fromEntries(
    ['20261122T061459Z', '20261122T061400Z', '20261122T053000Z', '20261121T063000Z', '20251122T063000Z', '20000101T000000Z', '19700101T000000Z', '16000229T000000Z'].map((date) => [date, signedAt(date)]),
  ),
);
refuse(
  { threat: 'replay of old tokens', rule: 'not-from-future', code: 'token_from_future' },
  Object.fromEntries(
    ['20261122T063501Z', '20261122T063600Z', '20261122T073000Z', '20261123T063000Z', '20271122T063000Z', '20380119T031408Z', '99991231T235959Z'].map((date) => [date, signedAt(date)]),
  ),
);

const scope = ['20261122', 'us-east-1', 'sts', 'aws4_request'];
refuse(
  { threat: 'lenient decoders', rule: 'credential', code: 'parameter_invalid' },
  Object.fromEntries(
    Object.entries({
      empty: [''],
      'only a key id': [key],
      'no key id': ['', ...scope],
      'three parts': [key, '20261122', 'us-east-1'],
      'four parts': [key, '20261122', 'us-east-1', 'sts'],
      'six parts': [key, ...scope, 'more'],
      'a slash before': ['', key, ...scope],
      'a slash behind': [key, ...scope, ''],
      'a slash in the key id': ['AKIADEMO', 'ALICE0000001', ...scope],
      'the key id in lower case': [key.toLowerCase(), ...scope],
      'the key id with a space': [`${key}%20`, ...scope],
      'the key id with a NUL': [`${key}%00`, ...scope],
      'the key id with a line break': [`${key}%0A`, ...scope],
      'the key id with an escape': [`${key}%2541`, ...scope],
      'a short key id': ['AKIADEMOALICE00', ...scope],
      'a long key id': [`AKIA${'A'.repeat(125)}`, ...scope],
      'the id of a role': ['AROADEMOALICE0000001', ...scope],
      'the id of a user': ['AIDADEMOALICE0000001', ...scope],
      'the id of a bearer token': ['ABIADEMOALICE0000001', ...scope],
      'something else': ['username-and-more', ...scope],
      'an ARN': ['arn:aws:iam::111122223333:user', 'alice', ...scope],
      'a date of seven digits': [key, '2026112', ...scope.slice(1)],
      'a date with hyphens': [key, '2026-11-22', ...scope.slice(1)],
      'an empty region': [key, '20261122', '', 'sts', 'aws4_request'],
      'every region': [key, '20261122', '*', 'sts', 'aws4_request'],
      'a region with an escape': [key, '20261122', 'us-east-1%2500', 'sts', 'aws4_request'],
      'an empty service': [key, '20261122', 'us-east-1', '', 'aws4_request'],
    }).map(([name, parts]) => [name, credentialOf(parts).replaceAll('*', '%2A')]),
  ),
);

const mismatch = { threat: 'credential scope of another request', code: 'scope_mismatch' };
refuse(
  { ...mismatch, rule: 'scope-date' },
  Object.fromEntries(
    ['20261121', '20261123', '20251122', '20261022', '00000000', '99999999', '22112026'].map((date) => [
      date,
      credentialOf([key, date, ...scope.slice(1)]),
    ]),
  ),
);
const scopedTo = (region: string, base: string): string =>
  credentialOf([key, '20261122', region, 'sts', 'aws4_request']).replace(host, base);
refuse(
  { ...mismatch, rule: 'scope-region' },
  {
    'another region': scopedTo('eu-west-1', host),
    'capital letters': scopedTo('US-EAST-1', host),
    'a region that begins so': scopedTo('us-east-10', host),
    'an Availability Zone': scopedTo('us-east-1a', host),
    'the name of the global endpoint': scopedTo('aws-global', 'sts.amazonaws.com'),
    'the global host, signed for another region': scopedTo('eu-west-1', 'sts.amazonaws.com'),
    'a regional host, signed for the global one': scopedTo('us-east-1', 'sts.eu-west-1.amazonaws.com'),
    'a FIPS host, signed for another region': scopedTo('us-east-1', 'sts-fips.us-west-2.amazonaws.com'),
    'a dual-stack host, signed for another region': scopedTo('us-east-1', 'sts.eu-west-1.api.aws'),
    'a region of another partition': scopedTo('cn-north-1', host),
  },
);
refuse(
  { ...mismatch, rule: 'scope-service' },
  Object.fromEntries(
    ['iam', 's3', 'STS', 'stss', 'st', 'ec2', 'execute-api', 'sts-fips', 'kms'].map((service) => [
      service,
      credentialOf([key, '20261122', 'us-east-1', service, 'aws4_request']),
    ]),
  ),
);
refuse(
  { ...mismatch, rule: 'scope-terminator' },
  Object.fromEntries(
    ['AWS4_REQUEST', 'aws4_request2', 'aws4_reques', 'aws4', 'aws5_request', 'aws4request', 'vnd_request'].map((word) => [
      word,
      credentialOf([key, '20261122', 'us-east-1', 'sts', word]),
    ]),
  ),
);

export const hostileTokens: readonly HostileToken[] = cases;
