/** `TokenReview` of `authentication.k8s.io`, as the kube-apiserver sends it. v1 and v1beta1 have the same fields. */
import { isRecord } from '../json/record.ts';

export const apiVersions = ['authentication.k8s.io/v1', 'authentication.k8s.io/v1beta1'] as const;
export type TokenReviewVersion = (typeof apiVersions)[number];

export interface TokenReviewRequest {
  /** To be echoed: the apiserver cannot decode the other version. */
  readonly apiVersion: TokenReviewVersion;
  /** Whatever bearer token nobody else accepted: perhaps a live credential of another system. Never log it. */
  readonly token: string;
}

export type ParsedTokenReview =
  | { readonly ok: true; readonly value: TokenReviewRequest }
  /** `rule` completes "The body …" and holds nothing of the body. */
  | { readonly ok: false; readonly rule: string };

const refused = (rule: string): ParsedTokenReview => ({ ok: false, rule });

/**
 * Parses a body. Fields that we do not know are let through, as the apiserver's own decoding does; `spec.audiences` is not used. Errors
 * name the field, never its value: a JSON parser's own message quotes the text.
 */
export function parseTokenReview(body: Uint8Array): ParsedTokenReview {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refused('must be JSON in UTF-8');
  }
  if (!isRecord(json)) return refused('must be an object of kind TokenReview');
  const { apiVersion: given, kind, spec } = json;
  const apiVersion = apiVersions.find((known) => known === given);
  if (apiVersion === undefined) return refused(`must have the apiVersion ${apiVersions.join(' or ')}`);
  if (kind !== 'TokenReview') return refused('must have the kind TokenReview');
  const token = isRecord(spec) ? spec['token'] : undefined;
  return typeof token === 'string'
    ? { ok: true, value: { apiVersion, token } }
    : refused('must have a token in spec.token');
}
