/** Tokens at the limits of the grammar, and a step beyond. */
import { describe, expect, test } from 'vitest';
import { stsHosts } from '../../../../lib/identity/partitions.ts';
import { maximumTokenBytes, parseToken } from '../../../../lib/token/parse/token.ts';
import { frozenNow, tokenOf } from '../../../fixtures/presign.ts';
import { flawlessUrl } from '../../../vectors/make-hostile-tokens.ts';

const hosts = stsHosts([]);
const read = (url: string, now = frozenNow): ReturnType<typeof parseToken> =>
  parseToken(tokenOf(url), { hosts, partition: 'aws', now });

describe('a token at a limit', () => {
  const second = 1000;
  const signedAt = Date.parse('2026-11-22T06:29:00Z');
  test.each([
    ['15 minutes old', signedAt + 900 * second, 'accepted'],
    ['a millisecond older', signedAt + 900 * second + 1, 'token_expired'],
    ['5 minutes in the future', signedAt - 300 * second, 'accepted'],
    ['a millisecond more', signedAt - 300 * second - 1, 'token_from_future'],
  ])('is evaluated by its date: %s', (_, now, outcome) => {
    const result = read(flawlessUrl, now);
    expect(result.ok ? 'accepted' : result.failure.code).toBe(outcome);
  });

  test.each(['0', '1', '60', '900'])('is accepted with X-Amz-Expires=%s', (expires) => {
    expect(read(flawlessUrl.replace('Expires=60', `Expires=${expires}`)).ok).toBe(true);
  });

  test.each([16, 20, 128])('is accepted with an access key id of %d characters', (length) => {
    const key = 'ASIA'.padEnd(length, '0');
    expect(read(flawlessUrl.replace('AKIADEMOALICE0000001', key)).ok).toBe(true);
  });

  test.each([
    ['4,096 characters that are escaped', '/'.repeat(4096)],
    ['one that is not, and as many escapes as fit', `${'/'.repeat(4095)}AAA`],
  ])('is accepted with a session token of %s', (_, sessionToken) => {
    expect(read(`${flawlessUrl}&X-Amz-Security-Token=${sessionToken}`).ok).toBe(true);
  });

  test('is accepted with the longest possible session token', () => {
    // 16,384 bytes would leave one character over, which no base64 has.
    const url = `${flawlessUrl}&X-Amz-Security-Token=`;
    const bytes = Math.floor(((maximumTokenBytes - 'k8s-aws-v1.'.length) * 3) / 4);
    const token = tokenOf(url.padEnd(bytes, 'A'));
    expect(Buffer.byteLength(token)).toBe(maximumTokenBytes - 1);
    expect(parseToken(token, { hosts, partition: 'aws', now: frozenNow }).ok).toBe(true);
  });
});
