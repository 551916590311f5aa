/** `TokenReview` of `authentication.k8s.io`, as the kube-apiserver sends it. v1 and v1beta1 have the same fields. */
import { broken, ok } from '../errors.ts';
import type { BrokenRule, Result } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import { isRecord } from '../json/record.ts';

export const apiVersions = ['authentication.k8s.io/v1', 'authentication.k8s.io/v1beta1'] as const;
export type TokenReviewVersion = (typeof apiVersions)[number];

export interface TokenReviewRequest {
  /** To be echoed: the apiserver cannot decode the other version. */
  readonly apiVersion: TokenReviewVersion;
  /** A bearer token that no other authenticator accepted: perhaps a live credential of another system. Never log it. */
  readonly token: string;
}

/**
 * Parses a body. Unknown fields are ignored, as by the apiserver's own decoding; `spec.audiences` is not used. A broken rule
 * completes "The body …" and names the field, never its value: a JSON parser's own message quotes the text.
 */
export function parseTokenReview(body: Uint8Array): Result<TokenReviewRequest, BrokenRule> {
  const parsed = jsonOf(body);
  if (!parsed.ok) return parsed;
  const json = parsed.value;
  if (!isRecord(json)) return broken('must be an object of kind TokenReview');
  const { apiVersion: given, kind, spec } = json;
  const apiVersion = apiVersions.find((known) => known === given);
  if (apiVersion === undefined) return broken(`must have the apiVersion ${apiVersions.join(' or ')}`);
  if (kind !== 'TokenReview') return broken('must have the kind TokenReview');
  const token = isRecord(spec) ? spec['token'] : undefined;
  return typeof token === 'string' ? ok({ apiVersion, token }) : broken('must have a token in spec.token');
}

/** Refuses a field that is written twice, too: the token that is reviewed would not be the only one in the body. */
function jsonOf(body: Uint8Array): Result<unknown, BrokenRule> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return broken('must be JSON in UTF-8');
  }
  const json = parseJson(text);
  if (json.ok) return json;
  return broken(json.failure.some(({ path }) => path !== '') ? 'has a field twice' : 'must be JSON in UTF-8');
}
