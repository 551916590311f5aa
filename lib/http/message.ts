/** Requests and responses as the handlers see them, whatever they arrive through. */

/** Bytes that a body may have, 256 KiB: a TokenReview has about 20 KB at most. */
export const maxBodyBytes = 256 * 1024;

export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** Still percent-encoded, without a stage or a base path; see {@link pathSegments}. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; the values of a repeated header are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** The IAM ARN for which AWS checked a SigV4 signature; never from a header or a body. */
  readonly caller: string | undefined;
  /** The client's address as AWS saw it. */
  readonly sourceIp: string | undefined;
}

/** What is known of a request before its body has come. */
export type RequestHead = Pick<HttpRequest, 'method' | 'path' | 'headers'>;

export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** A JSON response that no cache keeps. `contentType` must parse as a media type, or the apiserver tries five times. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  contentType = 'application/json',
): HttpResponse {
  return {
    status,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * The segments of a path, each percent-decoded once, after the split: `%2F` does not begin a new segment. `undefined` if an
 * escape is malformed or not UTF-8.
 */
export function pathSegments(path: string): readonly string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The credential of `Authorization: Bearer <credential>`; the scheme is matched without case (RFC 9110). */
export function bearerToken(headers: ReadonlyMap<string, string>): string | undefined {
  return /^bearer +([^\s,]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
}
