/** `TokenReview` of `authentication.k8s.io`, as the kube-apiserver sends it. v1 and v1beta1 have the same fields. */
import * as z from 'zod/mini';

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

/** Fields that we do not know are let through, as the apiserver's own decoding does; `spec.audiences` is not used. */
const schema = z.object({
  apiVersion: z.enum(apiVersions),
  kind: z.literal('TokenReview'),
  spec: z.object({ token: z.string() }),
});

const rules: Readonly<Record<string, string>> = {
  apiVersion: `must have the apiVersion ${apiVersions.join(' or ')}`,
  kind: 'must have the kind TokenReview',
  spec: 'must have a token in spec.token',
};

/** Parses a body. Errors name the field, never its value: a JSON parser's own message quotes the text. */
export function parseTokenReview(body: Uint8Array): ParsedTokenReview {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return { ok: false, rule: 'must be JSON in UTF-8' };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path[0];
    return { ok: false, rule: rules[String(field)] ?? 'must be an object of kind TokenReview' };
  }
  const { apiVersion, spec } = parsed.data;
  return { ok: true, value: { apiVersion, token: spec.token } };
}
