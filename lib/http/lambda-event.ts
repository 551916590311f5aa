/**
 * The shapes in which AWS hands an HTTP request to a function: API Gateway REST APIs (payload 1.0), and HTTP
 * APIs and function URLs (payload 2.0). Each is parsed into one {@link HttpRequest} and answered in kind.
 */
import * as z from 'zod/mini';
import type { HttpRequest, HttpResponse } from './message.ts';

const optionalText = z.nullish(z.string());
const textByName = z.record(z.string(), z.optional(z.string()));
const textsByName = z.record(z.string(), z.optional(z.array(z.string())));

const payload1 = z.object({
  httpMethod: z.string(),
  path: z.string(),
  resource: optionalText,
  headers: z.nullish(textByName),
  multiValueHeaders: z.nullish(textsByName),
  queryStringParameters: z.nullish(textByName),
  multiValueQueryStringParameters: z.nullish(textsByName),
  body: optionalText,
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.nullish(
    z.object({
      identity: z.nullish(z.object({ userArn: optionalText, sourceIp: optionalText })),
    }),
  ),
});

const payload2 = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: optionalText,
  headers: z.nullish(textByName),
  body: optionalText,
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.object({
    stage: optionalText,
    http: z.object({ method: z.string(), sourceIp: optionalText }),
    authorizer: z.nullish(z.object({ iam: z.nullish(z.object({ userArn: optionalText })) })),
  }),
});

type Payload1 = z.infer<typeof payload1>;
type Payload2 = z.infer<typeof payload2>;

/** What a function returns to AWS, in either payload version. */
export interface LambdaResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** The request in an event, or `undefined` where it is not an HTTP event of a known shape. */
export function requestOfEvent(event: unknown): HttpRequest | undefined {
  const second = payload2.safeParse(event);
  if (second.success) return requestOfPayload2(second.data);
  const first = payload1.safeParse(event);
  return first.success ? requestOfPayload1(first.data) : undefined;
}

/** The response that both payload versions take. Header names go out in lower case, as HTTP/2 has them. */
export const toLambdaResponse = (response: HttpResponse): LambdaResponse => ({
  statusCode: response.status,
  headers: response.headers,
  body: response.body,
  isBase64Encoded: false,
});

function requestOfPayload2(event: Payload2): HttpRequest {
  const { http, stage, authorizer } = event.requestContext;
  return {
    method: http.method.toUpperCase(),
    path: withoutStage(event.rawPath, stage ?? '$default'),
    query: new URLSearchParams(event.rawQueryString ?? ''),
    headers: lowerCased(Object.entries(event.headers ?? {})),
    body: bytesOfBody(event),
    caller: authorizer?.iam?.userArn ?? undefined,
    sourceIp: http.sourceIp ?? undefined,
  };
}

function requestOfPayload1(event: Payload1): HttpRequest {
  const identity = event.requestContext?.identity;
  return {
    method: event.httpMethod.toUpperCase(),
    path: withoutBasePath(event.path, event.resource ?? '/{proxy+}'),
    query: new URLSearchParams(
      pairs(event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {}),
    ),
    headers: lowerCased(pairs(event.multiValueHeaders ?? event.headers ?? {})),
    body: bytesOfBody(event),
    caller: identity?.userArn ?? undefined,
    sourceIp: identity?.sourceIp ?? undefined,
  };
}

/** HTTP APIs put their stage before the path, except the stage `$default`. */
const withoutStage = (path: string, stage: string): string =>
  path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;

/**
 * A REST API behind a custom domain puts that domain's base path before the path. The resource, a template such
 * as `/v1/clusters/{clusterId}/tokenreviews`, says how many segments are ours.
 */
function withoutBasePath(path: string, resource: string): string {
  if (resource.includes('+}')) return path;
  const segments = path.split('/');
  const ours = resource.split('/').length - 1;
  return segments.length - 1 > ours ? `/${segments.slice(-ours).join('/')}` : path;
}

const pairs = (table: Readonly<Record<string, string | readonly string[] | undefined>>): [string, string][] =>
  Object.entries(table).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one): [string, string] => [name, one]),
  );

function lowerCased(entries: readonly (readonly [string, string | undefined])[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

const bytesOfBody = (event: Pick<Payload2, 'body' | 'isBase64Encoded'>): Uint8Array =>
  Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
