import { describe, expect, test } from 'vitest';
import { hashWebhookToken, matchesWebhookToken, newWebhookToken } from '../../../lib/token/webhook-token.ts';

describe('webhook tokens', () => {
  test('are 256 random bits behind a prefix, and no two are alike', () => {
    const tokens = Array.from({ length: 100 }, newWebhookToken);
    expect(tokens.every((token) => /^cswt_[A-Za-z0-9_-]{43}$/.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(100);
  });

  test('are stored as a hash', () => {
    expect(hashWebhookToken('abc')).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test.each([
    ['the only one', 'a', ['a'], true],
    ['the first of several', 'a', ['a', 'b'], true],
    ['the last of several', 'b', ['a', 'b'], true],
    ['none of them', 'c', ['a', 'b'], false],
    ['of a cluster without any', 'a', [], false],
    ['missing', '', [''], false],
  ])('%s', (_name, token, known, matches) => {
    expect(matchesWebhookToken(token, known.map(hashWebhookToken))).toBe(matches);
  });

  test('a stored hash of another form matches nothing', () => {
    expect(matchesWebhookToken('a', ['a', 'sha256:', hashWebhookToken('a').toUpperCase()])).toBe(false);
  });
});
