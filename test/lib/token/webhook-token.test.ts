import { describe, expect, test } from 'vitest';
import { hashWebhookToken, matchesWebhookToken, newWebhookToken } from '../../../lib/token/webhook-token.ts';

describe('webhook tokens', () => {
  test('a new token is 256 random bits behind a prefix, and unique', () => {
    const tokens = Array.from({ length: 100 }, newWebhookToken);
    expect(tokens.every((token) => /^cswt_[A-Za-z0-9_-]{43}$/.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(100);
  });

  test('the hash of a token is its SHA-256 in hexadecimal', () => {
    expect(hashWebhookToken('abc')).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test.each([
    ['the only known token', 'a', ['a'], true],
    ['the first of several tokens', 'a', ['a', 'b'], true],
    ['the last of several tokens', 'b', ['a', 'b'], true],
    ['an unknown token', 'c', ['a', 'b'], false],
    ['a token of a cluster without any', 'a', [], false],
    ['an empty token', '', [''], false],
    ['a missing token', undefined, [''], false],
  ])('the match of %s with the hashes is as expected', (_name, token, known, matches) => {
    expect(matchesWebhookToken(token, known.map(hashWebhookToken))).toBe(matches);
  });

  test('a stored hash of another form matches nothing', () => {
    expect(matchesWebhookToken('a', ['a', 'sha256:', hashWebhookToken('a').toUpperCase()])).toBe(false);
  });
});
