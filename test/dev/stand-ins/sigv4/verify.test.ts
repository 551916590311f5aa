import { describe, expect, test } from 'vitest';
import { canonicalRequest } from '../../../../dev/stand-ins/sigv4/canonical-request.ts';
import { readSignature } from '../../../../dev/stand-ins/sigv4/read-signature.ts';
import type { ReceivedRequest } from '../../../../dev/stand-ins/sigv4/received-request.ts';
import { verifySignature } from '../../../../dev/stand-ins/sigv4/verify.ts';
import suite from '../../../vectors/sigv4-suite.json' with { type: 'json' };

type Case = (typeof suite.cases)[number];

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const received = ({ request }: Case): ReceivedRequest => ({
  method: request.method,
  target: latin1(request.target),
  headers: request.headers.map(([name, value]) => [latin1(name!), latin1(value!)] as const),
  body: Buffer.from(request.body),
});

const verify = (request: ReceivedRequest, vector: Case) =>
  verifySignature(request, {
    findKey: (accessKeyId, sessionToken) =>
      accessKeyId === suite.accessKeyId && sessionToken === vector.sessionToken
        ? { outcome: 'known', secretAccessKey: suite.secretAccessKey, principal: 'suite' }
        : { outcome: 'invalid' },
    now: Date.parse(suite.now),
    service: suite.service,
    region: suite.region,
    normalizePath: vector.normalizePath,
  });

/** The parts that the verifier uses: requests with equal parts are the same signed request. */
const signedParts = (request: ReceivedRequest, vector: Case): string => {
  const claim = readSignature(request);
  if (!claim.ok) return claim.failure.code;
  const { signedHeaders, ...rest } = claim.value;
  const { normalizePath } = vector;
  return JSON.stringify([rest, canonicalRequest(request, { signedHeaders, normalizePath })]);
};

const flip = (text: string, at: number): string =>
  `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ 1)}${text.slice(at + 1)}`;

function* withOneByteFlipped(request: ReceivedRequest): Generator<ReceivedRequest> {
  const { method, target, headers } = request;
  const body = Buffer.from(request.body).toString('latin1');
  for (let at = 0; at < method.length; at++) yield { ...request, method: flip(method, at) };
  for (let at = 0; at < target.length; at++) yield { ...request, target: flip(target, at) };
  for (let at = 0; at < body.length; at++) yield { ...request, body: Buffer.from(flip(body, at), 'latin1') };
  for (const [index, [name, value]] of headers.entries()) {
    const changed = (header: readonly [string, string]) => ({
      ...request,
      headers: headers.with(index, header),
    });
    for (let at = 0; at < name.length; at++) yield changed([flip(name, at), value]);
    for (let at = 0; at < value.length; at++) yield changed([name, flip(value, at)]);
  }
}

/** In two requests the suite adds the session token after signing, as some services require. STS and IAM do not. */
const signsItsToken = (vector: Case): boolean => vector.tokenSigned !== false;

describe("AWS's Signature Version 4 test suite", () => {
  test('is complete: 38 cases, each signed by header and by query', () => {
    expect(new Set(suite.cases.map(({ name }) => name)).size).toBe(38);
    expect(suite.cases).toHaveLength(76);
  });

  describe.each(suite.cases.filter(signsItsToken))('$name, signed by $kind', (vector) => {
    const request = received(vector);

    test('has the canonical request that AWS publishes', () => {
      const claim = readSignature(request);
      const signedHeaders = claim.ok ? claim.value.signedHeaders : [];
      const { normalizePath } = vector;
      expect(canonicalRequest(request, { signedHeaders, normalizePath })).toBe(
        latin1(vector.canonicalRequest),
      );
    });

    test('is a valid signature', () => {
      expect(verify(request, vector)).toMatchObject({ ok: true, value: { principal: 'suite' } });
    });

    test('is refused with any one signed byte flipped', () => {
      const same = signedParts(request, vector);
      const accepted: ReceivedRequest[] = [];
      let flipped = 0;
      for (const mutant of withOneByteFlipped(request)) {
        // Some bytes do not change the signature: spaces that collapse, dot segments that are removed.
        if (signedParts(mutant, vector) === same) continue;
        flipped++;
        if (verify(mutant, vector).ok) accepted.push(mutant);
      }
      expect(accepted).toStrictEqual([]);
      expect(flipped).toBeGreaterThan(150);
    });
  });

  test.each(suite.cases.filter((vector) => !signsItsToken(vector)))(
    '$name, signed by $kind: a session token added after signing is refused',
    (vector) => {
      expect(verify(received(vector), vector)).toMatchObject({
        ok: false,
        failure: { status: 403, code: 'SignatureDoesNotMatch' },
      });
    },
  );
});
