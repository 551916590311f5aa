import { assert, json, property, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broken } from '../../../lib/errors.ts';
import { parseTokenReview } from '../../../lib/kubernetes/token-review.ts';
import { cases } from '../../fixtures/scale.ts';
import vectors from '../../vectors/token-review-bodies.json' with { type: 'json' };

interface Row {
  readonly name: string;
  readonly body: string;
  readonly apiVersion?: string;
  readonly rule?: string;
}
const rows = vectors.rows as readonly Row[];
const parse = (text: string) => parseTokenReview(Buffer.from(text));

describe('parseTokenReview', () => {
  test.each(rows.filter(({ rule }) => rule === undefined))(
    'a body is accepted: $name',
    ({ body, apiVersion }) => {
      expect(parse(body)).toEqual({ ok: true, value: { apiVersion, token: 't' } });
    },
  );

  test.each(rows.filter(({ rule }) => rule !== undefined))('a body is refused: $name', ({ body, rule }) => {
    expect(parse(body)).toEqual(broken(rule!));
  });

  test.each([
    ['token', '{"spec": {"token": "t", "token": "u"}}'],
    ['spec', '{"spec": {"token": "t"}, "spec": {"token": "u"}}'],
    ['kind in another spelling', String.raw`{"k\u0069nd": "TokenReview", "kind": "TokenReview"}`],
    ['unknown field', '{"metadata": {"labels": {"a": "b", "a": "c"}}}'],
  ])('a body with the %s twice is refused', (_, fields) => {
    const rest = '"apiVersion": "authentication.k8s.io/v1"';
    expect(parse(fields.replace('{', `{${rest}, `))).toEqual(broken('has a field twice'));
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(parseTokenReview(Buffer.from([0x22, 0xff, 0x22]))).toEqual(broken('must be JSON in UTF-8'));
  });
});

test('a refusal quotes nothing of the body, whatever it holds', () => {
  const quotes = (json: string, secret: string): boolean => {
    const result = parse(json.replaceAll('"', `"${secret}`));
    return !result.ok && result.failure.rule.includes(secret);
  };
  expect(() =>
    assert(
      property(json({ maxDepth: 3 }), stringMatching(/^[a-z]{12}$/), (text, secret) => !quotes(text, secret)),
      { numRuns: cases(200, 20_000) },
    ),
  ).not.toThrow();
});
