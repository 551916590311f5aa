/** What holds of the grammar for every text. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { isDeniedCode } from '../../lib/errors.ts';
import { partitionIds, stsHosts } from '../../lib/identity/partitions.ts';
import type { PartitionId } from '../../lib/identity/partitions.ts';
import { formatAmzDate } from '../../lib/token/parse/amz-date.ts';
import { parseToken } from '../../lib/token/parse/token.ts';
import type { UnverifiedRequest } from '../../lib/token/parse/unverified-request.ts';
import { expectedSignature, frozenNow, parametersOf, tokenOf } from '../fixtures/presign.ts';
import corpus from '../vectors/hostile-tokens.json' with { type: 'json' };
import clients from '../vectors/real-clients.json' with { type: 'json' };
import { parameters, seed, timeout } from './budget.ts';
import { mutate, mutations } from './mutations.ts';

const hosts = stsHosts([]);
const hostList = [...hosts.values()];
const secrets = new Map([
  ['AKIADEMOALICE0000001', 'demo-secret-alice'],
  ['ASIADEMOALICE0000001', 'demo-secret-alice'],
  ['AKIADEMOMALLORY00001', 'demo-secret-mallory'],
]);

/** What one client signs, and how it happens to write it. */
const presigned = fc
  .record({
    target: fc.constantFrom(...hostList),
    key: fc.constantFrom(...secrets.keys()),
    age: fc.integer({ min: -300, max: 900 }),
    expires: fc.integer({ min: 0, max: 900 }),
    sessionToken: fc.option(
      fc.oneof(
        fc.base64String({ minLength: 4, maxLength: 300 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }),
      ),
      { nil: undefined },
    ),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
    spelling: fc.constantFrom('upper', 'lower', 'raw', 'all'),
  })
  .map(({ target, key, age, expires, sessionToken, order, spelling }) => {
    const date = formatAmzDate(frozenNow - age * 1000);
    const signed: [string, string][] = [
      ['Action', 'GetCallerIdentity'],
      ['Version', '2011-06-15'],
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', `${key}/${date.slice(0, 8)}/${target.region}/sts/aws4_request`],
      ['X-Amz-Date', date],
      ['X-Amz-Expires', String(expires)],
      ['X-Amz-SignedHeaders', 'host;x-k8s-aws-id'],
    ];
    if (sessionToken !== undefined) signed.push(['X-Amz-Security-Token', sessionToken]);
    const secretAccessKey = secrets.get(key) ?? '';
    const signature = expectedSignature({
      host: target.host,
      clusterId: 'demo',
      secretAccessKey,
      parameters: signed,
    });
    const all: [string, string][] = [...signed, ['X-Amz-Signature', signature]];
    const write = (list: readonly (readonly [string, string])[]): string =>
      `https://${target.host}/?${list.map(([name, value]) => `${name}=${spell[spelling](value)}`).join('&')}`;
    const ordered = order.flatMap((index) => (all[index] === undefined ? [] : [all[index]]));
    const canonical = all
      .map(([name, value]) => `${name}=${spell.upper(value)}`)
      .toSorted()
      .join('&');
    return { target, key, all, canonical, url: write(ordered), sorted: write(all) };
  });

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
const spell: Record<'upper' | 'lower' | 'raw' | 'all', (value: string) => string> = {
  upper: (value) => value.replaceAll(/[^A-Za-z0-9._~-]/g, (char) => percent(char).toUpperCase()),
  lower: (value) => value.replaceAll(/[^A-Za-z0-9._~-]/g, percent),
  raw: (value) => spell.upper(value).replaceAll('%2F', '/').replaceAll('%3D', '='),
  all: (value) => value.replaceAll(/[^]/g, (char) => percent(char).toUpperCase()),
};

/** Making one costs eight hashes: where the damage is what varies, a few hundred of them do. */
const some = fc.constantFrom(...fc.sample(presigned, { numRuns: 400, seed }));

type Presigned = typeof presigned extends fc.Arbitrary<infer T> ? T : never;

/** How many were taken and how many refused: a property that only ever sees one of them shows nothing. */
let tally = { taken: 0, refused: 0 };
beforeEach(() => {
  tally = { taken: 0, refused: 0 };
});

function parse(token: string, partition: PartitionId = 'aws'): ReturnType<typeof parseToken> {
  const result = parseToken(token, { hosts, partition, now: frozenNow });
  tally[result.ok ? 'taken' : 'refused'] += 1;
  return result;
}

/** The request is this one, as its client signed it. */
const isThat = (request: UnverifiedRequest, { target, canonical }: Presigned): boolean =>
  request.host === target.host && request.canonicalQuery === canonical;

const snippets = [
  '&',
  '=',
  '%',
  '%00',
  '%2F',
  '+',
  ';',
  '#',
  '/',
  '\\',
  '@',
  ':',
  '?',
  '..',
  ' ',
  '\t',
  '\n',
  '\0',
  '\uFEFF',
  'ſ',
  '．',
  '&Action=AssumeRole',
  '&action=GetCallerIdentity',
  '&X-Amz-Date=20261122T063000Z',
  'evil.example',
  'AKIADEMOMALLORY00001',
  '%2541',
  'x-k8s-aws-id',
  'host%3B',
  '__proto__',
  'A',
  '0',
];

/** The rebuilt request is canonical, goes to a listed host, and says what its own fields say. */
function isSound(request: UnverifiedRequest): boolean {
  const sent = parametersOf(request.canonicalQuery);
  const again = [...sent].map(([name, value]) => `${name}=${spell.upper(value)}`);
  return (
    hosts.get(request.host)?.partition === request.partition &&
    hosts.get(request.host)?.region === request.region &&
    again.toSorted().join('&') === request.canonicalQuery &&
    sent.get('Action') === 'GetCallerIdentity' &&
    sent.get('X-Amz-Credential') ===
      `${request.accessKeyId}/${formatAmzDate(request.signedAt).slice(0, 8)}/${request.region}/sts/aws4_request` &&
    sent.get('X-Amz-Date') === formatAmzDate(request.signedAt) &&
    sent.get('X-Amz-SignedHeaders') === 'host;x-k8s-aws-id' &&
    request.expiresAt - request.signedAt === 900_000 &&
    [...sent.keys()].length === request.canonicalQuery.split('&').length
  );
}

/** Would STS take it: is it what the holder of that key signed? */
function isSigned(request: UnverifiedRequest): boolean {
  const { 'X-Amz-Signature': signature, ...signed } = Object.fromEntries(
    parametersOf(request.canonicalQuery),
  );
  const secretAccessKey = secrets.get(request.accessKeyId);
  if (secretAccessKey === undefined) return false;
  return (
    signature ===
    expectedSignature({
      host: request.host,
      clusterId: 'demo',
      secretAccessKey,
      parameters: Object.entries(signed),
    })
  );
}

/** No outcome but a sound request or a refusal by a known code. */
function isEvaluated(token: string): boolean {
  const result = parse(token);
  return result.ok ? isSound(result.value) : isDeniedCode(result.failure.code);
}

test(
  'what a client signs is read as it was signed, in whatever order and spelling',
  () => {
    fc.assert(
      fc.property(presigned, (client) => {
        const { target, url, sorted } = client;
        const result = parse(tokenOf(url), target.partition);
        if (!result.ok) return false;
        const request = result.value;
        if (!isDeepStrictEqual(parse(tokenOf(sorted), target.partition), result)) return false;
        return (
          isThat(request, client) &&
          request.accessKeyId === client.key &&
          isSound(request) &&
          isSigned(request)
        );
      }),
      parameters(0.02),
    );
    expect(tally.refused).toBe(0);
  },
  timeout,
);

test(
  'a token for one partition is refused for every other',
  () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...partitionIds), ({ target, url }, partition) => {
        const result = parse(tokenOf(url), partition);
        return result.ok ? partition === target.partition : result.failure.code === 'host_not_listed';
      }),
      parameters(0.05),
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(100);
  },
  timeout,
);

test(
  'damage to a URL never makes another principal of it',
  () => {
    fc.assert(
      fc.property(some, mutations(snippets), (client, damage) => {
        const damaged = parse(tokenOf(damage.reduce(mutate, client.url)), client.target.partition);
        if (!damaged.ok) return isDeniedCode(damaged.failure.code);
        return isSound(damaged.value) && (isThat(damaged.value, client) || !isSigned(damaged.value));
      }),
      parameters(0.53),
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(100);
  },
  timeout,
);

test(
  'parts of two tokens never make a third',
  () => {
    fc.assert(
      fc.property(
        some,
        some,
        fc.nat({ max: 500 }),
        fc.array(fc.nat({ max: 8 }), { maxLength: 4 }),
        (one, other, at, taken) => {
          const mixed = one.all.map((pair, index) =>
            taken.includes(index) ? (other.all[index] ?? pair) : pair,
          );
          const byField = `https://${one.target.host}/?${mixed.map(([name, value]) => `${name}=${spell.upper(value)}`).join('&')}`;
          const byByte = one.url.slice(0, at) + other.url.slice(at);
          return [byField, byByte].every((url) => {
            const result = parse(tokenOf(url), one.target.partition);
            if (!result.ok) return isDeniedCode(result.failure.code);
            // What verifies is one of the two as it was signed, never a mixture.
            const request = result.value;
            const isOne = isThat(request, one) || isThat(request, other);
            return isSound(request) && (isOne || !isSigned(request));
          });
        },
      ),
      parameters(0.1),
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(100);
  },
  timeout,
);

test(
  'damage to the token itself, and tokens of nothing, are evaluated and never crash',
  () => {
    const real = clients.vectors.map(({ url }) => tokenOf(url));
    const hostile = corpus.tokens.map(
      (entry) => ('token' in entry && entry.token) || tokenOf('url' in entry ? (entry.url ?? '') : ''),
    );
    const damaged = fc
      .tuple(
        fc.constantFrom(...real, ...hostile),
        fc.oneof(fc.constant([]), mutations([...snippets, '=', '==', '-', '_', 'k8s-aws-v1.'])),
      )
      .map(([token, damage]) => damage.reduce(mutate, token));
    const text = fc.oneof(
      { weight: 6, arbitrary: damaged },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
      {
        weight: 1,
        arbitrary: fc.string({ unit: 'binary', maxLength: 200 }).map((rest) => `k8s-aws-v1.${rest}`),
      },
      {
        weight: 1,
        arbitrary: fc
          .uint8Array({ maxLength: 300 })
          .map((bytes) => `k8s-aws-v1.${Buffer.from(bytes).toString('base64url')}`),
      },
      { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }).map(tokenOf) },
    );
    fc.assert(fc.property(text, isEvaluated), parameters(0.3));
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(100);
  },
  timeout,
);
