/** What the grammar returns for what it accepts; what it refuses is in hostile-tokens.json. */
import { describe, expect, test } from 'vitest';
import { stsHosts } from '../../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../../lib/identity/partitions.ts';
import { maximumTokenBytes, parseToken } from '../../../../lib/token/parse/token.ts';
import { demoKeys, expectedSignature, frozenNow, parametersOf, tokenOf } from '../../../fixtures/presign.ts';
import { flawlessUrl } from '../../../vectors/make-hostile-tokens.ts';
import type { HostileToken } from '../../../vectors/make-hostile-tokens.ts';
import corpus from '../../../vectors/hostile-tokens.json' with { type: 'json' };

const hosts = stsHosts([]);
const read = (url: string, now = frozenNow): ReturnType<typeof parseToken> =>
  parseToken(tokenOf(url), { hosts, partition: 'aws', now });

test('the fields of a token are parsed', () => {
  expect(read(flawlessUrl)).toEqual({
    ok: true,
    value: {
      host: 'sts.us-east-1.amazonaws.com',
      partition: 'aws',
      region: 'us-east-1',
      accessKeyId: 'AKIADEMOALICE0000001',
      signedAt: Date.parse('2026-11-22T06:29:00Z'),
      expiresAt: Date.parse('2026-11-22T06:44:00Z'),
      canonicalQuery: expect.stringMatching(
        /^Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIADEMOALICE0000001%2F20261122%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261122T062900Z&X-Amz-Expires=60&X-Amz-Signature=[0-9a-f]{64}&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id$/,
      ) as string,
    },
  });
});

test('the order of the parameters and the spelling of the escapes do not matter', () => {
  const [base = '', query = ''] = flawlessUrl.split('?');
  const backwards = `${base}?${query.split('&').toReversed().join('&')}`;
  const lowerCase = flawlessUrl.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  const raw = flawlessUrl.replaceAll('%2F', '/');
  for (const url of [backwards, lowerCase, raw]) expect(read(url)).toEqual(read(flawlessUrl));
});

describe('a token for a cluster that is not known yet', () => {
  const atHost = (host: string, region: string): string =>
    flawlessUrl.replace('sts.us-east-1.amazonaws.com', host).replace('us-east-1', region);
  const readAny = (url: string): ReturnType<typeof parseToken> =>
    parseToken(tokenOf(url), { hosts, partition: 'any', now: frozenNow });

  test.each([
    ['sts.us-east-1.amazonaws.com', 'us-east-1', 'aws'],
    ['sts.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'aws-cn'],
    ['sts.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 'aws-us-gov'],
  ])('has the partition of its own host: %s', (host, region, partition) => {
    const url = atHost(host, region);
    expect(readAny(url)).toMatchObject({ ok: true, value: { host, region, partition } });
    expect(readAny(url)).toEqual(
      parseToken(tokenOf(url), { hosts, partition: partition as PartitionId, now: frozenNow }),
    );
  });

  test('is refused if its host is on no list', () => {
    expect(readAny(atHost('sts.s3.amazonaws.com', 's3'))).toMatchObject({
      failure: { code: 'host_not_listed' },
    });
  });
});

describe('a session token', () => {
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index));
  const withToken = (sessionToken: string) => {
    const parameters = parametersOf(new URL(flawlessUrl).search.slice(1));
    parameters.delete('X-Amz-Signature');
    parameters.set('X-Amz-Security-Token', sessionToken);
    const signed = {
      host: 'sts.us-east-1.amazonaws.com',
      clusterId: 'demo',
      secretAccessKey: demoKeys.secretAccessKey,
    };
    const signature = expectedSignature({ ...signed, parameters });
    const escapedAll = sessionToken.replaceAll(
      /[^]/g,
      (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    const query = [...parameters.keys()].map((name) =>
      name === 'X-Amz-Security-Token'
        ? `${name}=${escapedAll}`
        : `${name}=${encodeURIComponent(parameters.get(name) ?? '')}`,
    );
    const url = `https://${signed.host}/?${query.join('&')}&X-Amz-Signature=${signature}`;
    return {
      url,
      signature,
      isSignatureOf: (sent: Map<string, string>) => expectedSignature({ ...signed, parameters: sent }),
    };
  };

  test.each([
    ['every printable ASCII character', printable.join('')],
    ...printable.map((char) => [`only ${JSON.stringify(char)}`, char]),
    ['an equals sign in the middle', 'QUFB=QUFB'],
    ['padding that no base64 has', 'QUFB==='],
    ['characters that JavaScript does not escape', "!'()*"],
    ['an escape, which is decoded once', 'QUFB%2B'],
  ])('is for STS to judge, and is sent as it was signed: %s', (_, sessionToken) => {
    const { url, signature, isSignatureOf } = withToken(sessionToken);
    const result = read(url);
    if (!result.ok) throw new Error(result.failure.code);
    const sent = parametersOf(result.value.canonicalQuery);
    expect(sent.get('X-Amz-Security-Token')).toBe(sessionToken);
    expect(result.value.canonicalQuery).toMatch(/^[A-Za-z0-9._~%=&-]+$/);
    sent.delete('X-Amz-Signature');
    expect(isSignatureOf(sent)).toBe(signature);
  });

  test('is accepted with a raw equals sign in its middle', () => {
    const { url } = withToken('QUFB=QUFB');
    expect(read(url.replace('%3d', '='))).toEqual(read(url));
  });
});

const hostile: readonly HostileToken[] = corpus.tokens;
const textOf = ({ token, url = '', repeat = '', times = 0 }: HostileToken): string =>
  (token ?? tokenOf(url)) + repeat.repeat(times);

test.each([...new Set(hostile.map(({ rule }) => rule))])(
  'the rule %s refuses its hostile tokens by code',
  (rule) => {
    for (const entry of hostile.filter((one) => one.rule === rule)) {
      const partition = (entry.partition ?? 'aws') as PartitionId;
      const result = parseToken(textOf(entry), { hosts, partition, now: frozenNow });
      expect(result.ok ? 'accepted' : result.failure.code, entry.name).toBe(entry.code);
    }
  },
);

describe('a refused token', () => {
  const set = (name: string, value: string): string =>
    flawlessUrl.replace(new RegExp(`([?&]${name}=)[^&]*`), `$1${value}`);
  const token = tokenOf(flawlessUrl);
  const bytes = maximumTokenBytes + 1;
  const now = frozenNow;
  const key = 'AKIADEMOALICE0000001';
  const invalid = (name: string, rule: string) => ({ code: 'parameter_invalid', data: { name, rule } });
  const malformed = (rule: string) => ({ code: 'token_malformed', data: { rule } });
  const scope = (part: string, expected: string) => ({ code: 'scope_mismatch', data: { part, expected } });

  test.each([
    [
      'size',
      token.padEnd(bytes, 'A'),
      { code: 'token_too_large', data: { bytes, limit: maximumTokenBytes } },
    ],
    // The limit itself is not over it; what is wrong with this one is that no base64 has such a length.
    ['base64url', token.padEnd(maximumTokenBytes, 'A'), malformed('it is not unpadded base64url')],
    ['visible-ascii', tokenOf(`${flawlessUrl} `), malformed('it holds bytes that are not visible ASCII')],
    ['scheme', tokenOf('http://sts.amazonaws.com/?'), malformed('it is not a URL that begins with https://')],
    ['scheme', tokenOf(`x${flawlessUrl}`), malformed('it is not a URL that begins with https://')],
    [
      'host-of-partition',
      tokenOf(flawlessUrl.replace('us-east-1.amazonaws.com', 'cn-north-1.amazonaws.com.cn')),
      { code: 'host_not_listed', data: { host: 'sts.cn-north-1.amazonaws.com.cn' } },
    ],
    [
      'host-listed',
      tokenOf('https:///?Action=x'),
      { code: 'host_not_listed', data: { host: '(not shown)' } },
    ],
    ['path', tokenOf(flawlessUrl.replace('/?', '/x?')), malformed('the path of its URL is not /')],
    ['pair', tokenOf(`${flawlessUrl}&x`), malformed('a part of its query string is not name=value')],
    [
      'parameter-once',
      tokenOf(`${flawlessUrl}&Action=x`),
      { code: 'parameter_repeated', data: { name: 'Action' } },
    ],
    ['escapes', tokenOf(set('Version', '%')), invalid('Version', 'be percent-encoded')],
    [
      'parameter-present',
      tokenOf(flawlessUrl.replace('&X-Amz-Expires=60', '')),
      { code: 'parameter_missing', data: { name: 'X-Amz-Expires' } },
    ],
    ['action', tokenOf(set('Action', 'AssumeRole')), invalid('Action', 'be GetCallerIdentity')],
    ['version', tokenOf(set('Version', '2011-06-16')), invalid('Version', 'be 2011-06-15')],
    ['algorithm', tokenOf(set('X-Amz-Algorithm', 'AWS4')), invalid('X-Amz-Algorithm', 'be AWS4-HMAC-SHA256')],
    [
      'security-token',
      tokenOf(`${flawlessUrl}&X-Amz-Security-Token=`),
      invalid('X-Amz-Security-Token', 'be printable ASCII'),
    ],
    [
      'security-token-size',
      tokenOf(`${flawlessUrl}&X-Amz-Security-Token=${'/'.repeat(4097)}`),
      invalid('X-Amz-Security-Token', 'have at most 12288 bytes with its escapes'),
    ],
    [
      'signature',
      tokenOf(set('X-Amz-Signature', 'A')),
      invalid('X-Amz-Signature', 'be 64 lower-case hexadecimal digits'),
    ],
    [
      'date',
      tokenOf(set('X-Amz-Date', '20260230T000000Z')),
      invalid('X-Amz-Date', 'be a time that exists, such as 20261122T063000Z'),
    ],
    ['expires', tokenOf(set('X-Amz-Expires', '901')), invalid('X-Amz-Expires', 'be a number from 0 to 900')],
    [
      'not-expired',
      tokenOf(set('X-Amz-Date', '20261122T061459Z')),
      { code: 'token_expired', data: { signedAt: now - 901_000, now } },
    ],
    [
      'not-from-future',
      tokenOf(set('X-Amz-Date', '20261122T063501Z')),
      { code: 'token_from_future', data: { signedAt: now + 301_000, now } },
    ],
    [
      'credential',
      tokenOf(set('X-Amz-Credential', 'x')),
      invalid('X-Amz-Credential', 'be <access key id>/<date>/<region>/sts/aws4_request'),
    ],
    [
      'scope-date',
      tokenOf(set('X-Amz-Credential', `${key}/20261121/us-east-1/sts/aws4_request`)),
      scope('date', '20261122'),
    ],
    [
      'scope-region',
      tokenOf(set('X-Amz-Credential', `${key}/20261122/us-west-1/sts/aws4_request`)),
      scope('region', 'us-east-1'),
    ],
    [
      'scope-service',
      tokenOf(set('X-Amz-Credential', `${key}/20261122/us-east-1/iam/aws4_request`)),
      scope('service', 'sts'),
    ],
    [
      'scope-terminator',
      tokenOf(set('X-Amz-Credential', `${key}/20261122/us-east-1/sts/aws4`)),
      scope('terminator', 'aws4_request'),
    ],
  ])('is refused with the broken rule: %s', (_, refused, failure) => {
    const result = parseToken(refused, { hosts, partition: 'aws', now });
    expect(result).toEqual({ ok: false, failure: { outcome: 'denied', ...failure } });
  });
});

describe("an attacker's text in a failure", () => {
  test.each([
    ['a plain host', flawlessUrl.replace('sts.us-east-1', 'sts.s3'), { host: 'sts.s3.amazonaws.com' }],
    ['a host with other characters', flawlessUrl.replace('sts.', '<b>.'), { host: '(not shown)' }],
    ['a host of 200 characters', flawlessUrl.replace('sts.', `${'a'.repeat(200)}.`), { host: '(not shown)' }],
    ['a plain name', `${flawlessUrl}&RoleArn=x`, { name: 'RoleArn' }],
    ['a name with other characters', `${flawlessUrl}&%0AX=x`, { name: '(not shown)' }],
    ['a long name', `${flawlessUrl}&${'a'.repeat(41)}=x`, { name: '(not shown)' }],
    [
      'plain signed headers',
      flawlessUrl.replace('host%3B', 'accept%3Bhost%3B'),
      { signedHeaders: 'accept;host;x-k8s-aws-id' },
    ],
    [
      'signed headers with other characters',
      flawlessUrl.replace('host%3B', 'host%20%3B'),
      { signedHeaders: '(not shown)' },
    ],
  ])('is shown only if it is harmless: %s', (_, url, data) => {
    expect(read(url)).toMatchObject({ ok: false, failure: { data } });
  });
});
