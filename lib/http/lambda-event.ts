/**
 * The events in which AWS passes an HTTP request to a function: from API Gateway REST APIs (payload 1.0), and from HTTP APIs
 * and function URLs (payload 2.0). Each is parsed into one {@link HttpRequest}.
 *
 * Parsed by hand: two schemas of this size cost more at a cold start than everything else that a review does with an event.
 */
import type { HttpRequest, HttpResponse } from './message.ts';

/** What a function returns to AWS, in either payload version. */
export interface LambdaResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** An object of JSON whose fields are still unknown. */
type Fields = Readonly<Record<string, unknown>>;

/** The request in an event, or `undefined` if it is not an HTTP event of a known shape. */
export function requestOfEvent(event: unknown): HttpRequest | undefined {
  const fields = fieldsOf(event);
  return fields['version'] === '2.0' ? requestOfPayload2(fields) : requestOfPayload1(fields);
}

/** The response that both payload versions accept. Header names go out in lower case, as HTTP/2 has them. */
export const toLambdaResponse = (response: HttpResponse): LambdaResponse => ({
  statusCode: response.status,
  headers: response.headers,
  body: response.body,
  isBase64Encoded: false,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
function requestOfPayload2(event: Fields): HttpRequest | undefined {
  const context = fieldsOf(event['requestContext']);
  const http = fieldsOf(context['http']);
  const method = textOf(http['method']);
  const path = textOf(event['rawPath']);
  if (method === undefined || path === undefined) return undefined;
  return {
    method: method.toUpperCase(),
    path: withoutStage(path, textOf(context['stage']) ?? '$default'),
    query: new URLSearchParams(textOf(event['rawQueryString'])),
    headers: lowerCased(pairsOf(event['headers'])),
    body: bodyOf(event),
    caller: textOf(fieldsOf(fieldsOf(context['authorizer'])['iam'])['userArn']),
    sourceIp: textOf(http['sourceIp']),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
function requestOfPayload1(event: Fields): HttpRequest | undefined {
  const identity = fieldsOf(fieldsOf(event['requestContext'])['identity']);
  const method = textOf(event['httpMethod']);
  const path = textOf(event['path']);
  if (method === undefined || path === undefined) return undefined;
  return {
    method: method.toUpperCase(),
    path: pathOfResource(path, textOf(event['resource']) ?? '/{proxy+}', fieldsOf(event['pathParameters'])),
    query: new URLSearchParams(
      pairsOf(event['multiValueQueryStringParameters'] ?? event['queryStringParameters']),
    ),
    headers: lowerCased(pairsOf(event['multiValueHeaders'] ?? event['headers'])),
    body: bodyOf(event),
    caller: textOf(identity['userArn']),
    sourceIp: textOf(identity['sourceIp']),
  };
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** HTTP APIs put their stage before the path, except the stage `$default`. */
const withoutStage = (path: string, stage: string): string =>
  path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;

/**
 * The path as API Gateway matched it, and IAM allowed it: the resource, a template such as `/v1/clusters/{clusterId}/tokenreviews`,
 * with its parameters. A custom domain puts its base path before the path, so the last segments are those of the template. If a
 * segment is not its parameter, for example because `%2F` was decoded in the path, the parameter counts, as one segment.
 */
function pathOfResource(path: string, resource: string, parameters: Fields): string {
  if (resource.includes('+}')) return path;
  const template = resource.split('/').slice(1);
  const segments = path.split('/').slice(1).slice(-template.length);
  const parts = template.map((part, index) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const segment = segments[index] ?? '';
    const value = name === undefined ? undefined : textOf(parameters[name]);
    if (value === undefined) return name === undefined ? part : segment;
    // By way of bytes: a half of a surrogate pair has no encoding.
    return isSegmentOf(value, segment) ? segment : encodeURIComponent(Buffer.from(value).toString());
  });
  return `/${parts.join('/')}`;
}

/** API Gateway passes parameters as they were sent, or decoded. */
function isSegmentOf(value: string, segment: string): boolean {
  try {
    return segment === value || decodeURIComponent(segment) === value;
  } catch {
    return false;
  }
}

/** Each name with each of its values. */
const pairsOf = (table: unknown): [string, string][] =>
  Object.entries(fieldsOf(table)).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one: unknown): [string, string][] =>
      typeof one === 'string' ? [[name, one]] : [],
    ),
  );

function lowerCased(entries: readonly (readonly [string, string])[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

const bodyOf = (event: Fields): Uint8Array =>
  Buffer.from(textOf(event['body']) ?? '', event['isBase64Encoded'] === true ? 'base64' : 'utf8');
