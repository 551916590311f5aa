/** The AWS query protocol of STS and IAM: parameters in, XML or JSON out. */
import { answered, refused, type Answered, type AwsError } from './service/answer.ts';
import type { AnswerFields, AnswerValue } from './service/service.ts';
import { formPairs, queryPairs, type QueryPairs } from './sigv4/query.ts';
import { headerValues, onlyHeader, type ReceivedRequest } from './sigv4/received-request.ts';

export interface AwsResponse {
  readonly status: number;
  readonly contentType: 'text/xml' | 'application/json';
  readonly body: string;
}

/** The parameters of an operation, without those of the signature. A repeated parameter is an error. */
export function readParameters(request: ReceivedRequest): Answered<ReadonlyMap<string, string>> {
  const pairs = parameterPairs(request);
  if (pairs === undefined) {
    return refused(
      400,
      'InvalidParameterValue',
      'Send a GET, or a POST of application/x-www-form-urlencoded.',
    );
  }
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (parameters.has(name)) {
      return refused(404, 'MalformedQueryString', `The parameter ${name} is given more than once.`);
    }
    parameters.set(name, value);
  }
  return answered(parameters);
}

function parameterPairs(request: ReceivedRequest): QueryPairs | undefined {
  const query = queryPairs(request.target).filter(([name]) => !name.startsWith('X-Amz-'));
  if (request.method === 'GET') return query;
  const contentType = onlyHeader(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (request.method !== 'POST' || contentType !== 'application/x-www-form-urlencoded') return undefined;
  return [...query, ...formPairs(request.body)];
}

export const wantsJson = (request: ReceivedRequest): boolean =>
  headerValues(request, 'accept').some((accept) => /^application\/json\b/i.test(accept.trim()));

interface Envelope {
  readonly namespace: string;
  readonly json: boolean;
  readonly requestId: string;
}

export function renderResult(
  action: string,
  result: AnswerFields,
  { namespace, json, requestId }: Envelope,
): AwsResponse {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  const body = json
    ? JSON.stringify({ [`${action}Response`]: jsonValue(content) })
    : `<${action}Response xmlns="${namespace}">\n${xmlChildren(content, '  ')}</${action}Response>\n`;
  return { status: 200, contentType: json ? 'application/json' : 'text/xml', body };
}

export function renderError(error: AwsError, { namespace, json, requestId }: Envelope): AwsResponse {
  const inner = { Type: 'Sender', Code: error.code, Message: error.message };
  const content = { Error: inner, RequestId: requestId };
  const body = json
    ? JSON.stringify(content)
    : `<ErrorResponse xmlns="${namespace}">\n${xmlChildren(content, '  ')}</ErrorResponse>\n`;
  return { status: error.status, contentType: json ? 'application/json' : 'text/xml', body };
}

/** In JSON, STS writes times as seconds since the epoch. */
function jsonValue(value: AnswerValue): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (isList(value)) return value.map(jsonValue);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, inner === undefined ? undefined : jsonValue(inner)]),
  );
}

function xmlChildren(value: AnswerFields, indent: string): string {
  return Object.entries(value)
    .map(([name, inner]) => (inner === undefined ? '' : xmlElement(name, inner, indent)))
    .join('');
}

function xmlElement(name: string, value: AnswerValue, indent: string): string {
  if (typeof value !== 'object' || value instanceof Date) {
    return `${indent}<${name}>${xmlText(value)}</${name}>\n`;
  }
  const deeper = `${indent}  `;
  const children = isList(value)
    ? value.map((item) => xmlElement('member', item, deeper)).join('')
    : xmlChildren(value, deeper);
  return children === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>\n${children}${indent}</${name}>\n`;
}

const isList = (value: AnswerValue): value is readonly AnswerValue[] => Array.isArray(value);

function xmlText(value: string | number | boolean | Date): string {
  const text = value instanceof Date ? value.toISOString().replace(/\.\d{3}Z$/, 'Z') : String(value);
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
