/** One genuine token costs one question to STS, however it is spelled: what is not signed must not distinguish two requests. */
import { expect, test } from 'vitest';
import { ok } from '../../../lib/errors.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import { stsHosts } from '../../../lib/identity/partitions.ts';
import { parseToken } from '../../../lib/token/parse/token.ts';
import { createVerifier } from '../../../lib/token/verify.ts';
import { frozenNow, tokenOf } from '../../fixtures/presign.ts';
import { flawlessUrl } from '../../vectors/make-hostile-tokens.ts';

const hosts = stsHosts([]);
const url = `${flawlessUrl}&X-Amz-Security-Token=QUFB%2FQUF%2BQQ%3D%3D`;
const [base = '', query = ''] = url.split('?');
const pairs = query.split('&');

/** A spelling for each number: another order of the parameters, and other characters escaped. */
function spelling(index: number): string {
  const shift = index % pairs.length;
  const rotated = [...pairs.slice(shift), ...pairs.slice(0, shift)];
  let bits = index * 2_654_435_761;
  const escaped = rotated.map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const value = rest.join('=').replaceAll(/%[0-9A-F]{2}|[^%]/g, (char) => {
      bits = (Math.imul(bits, 1_103_515_245) + 12_345) >>> 0;
      if (bits % 3 === 0) return char;
      if (char.startsWith('%')) return char.toLowerCase();
      return `%${char.charCodeAt(0).toString(16)}`;
    });
    return `${name}=${value}`;
  });
  return tokenOf(`${base}?${(index % 2 === 0 ? escaped : escaped.toReversed()).join('&')}`);
}

test('2,000 spellings of one genuine token make one call of STS', async () => {
  let asked = 0;
  const verifier = createVerifier({
    ask: (request) => {
      asked += 1;
      return Promise.resolve(ok({ partition: request.partition } as ReportedIdentity));
    },
    clock: () => frozenNow,
  });
  const { signal } = new AbortController();
  const tokens = new Set(Array.from({ length: 2000 }, (_, index) => spelling(index)));
  expect(tokens.size).toBe(2000);
  for (const token of tokens) {
    const parsed = parseToken(token, { hosts, partition: 'aws', now: frozenNow });
    if (!parsed.ok) throw new Error(parsed.failure.code);
    expect(await verifier.verify(parsed.value, 'demo', signal)).toMatchObject({ ok: true });
  }
  expect(asked).toBe(1);
});
