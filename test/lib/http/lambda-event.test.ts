import { describe, expect, test } from 'vitest';
import { requestOfEvent, toLambdaResponse } from '../../../lib/http/lambda-event.ts';
import { createLambdaHandler } from '../../../lib/http/lambda-handler.ts';
import { bearerToken, jsonResponse, pathSegments } from '../../../lib/http/message.ts';
import vectors from '../../vectors/lambda-events.json' with { type: 'json' };

interface Row {
  readonly name: string;
  readonly event: unknown;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly caller?: string;
  readonly sourceIp: string;
}

describe('every shape of an event gives the same request', () => {
  test.each(vectors.rows as unknown as readonly Row[])('$name', (row) => {
    const request = requestOfEvent(row.event);
    expect({
      method: request?.method,
      path: request?.path,
      query: request?.query.toString(),
      headers: Object.fromEntries(request?.headers ?? []),
      body: Buffer.from(request?.body ?? []).toString(),
      caller: request?.caller,
      sourceIp: request?.sourceIp,
    }).toEqual({
      method: 'POST',
      path: row.path,
      query: row.query,
      headers: row.headers,
      body: row.body,
      caller: row.caller,
      sourceIp: row.sourceIp,
    });
  });

  test.each([
    ['nothing', undefined],
    ['a schedule', { 'detail-type': 'Scheduled Event', detail: {} }],
    ['a queue', { Records: [{ body: '{}' }] }],
    ['a text', 'POST'],
  ])('%s is no request', (_name, event) => {
    expect(requestOfEvent(event)).toBeUndefined();
  });

  test('the caller comes from the request context alone, never from a header', () => {
    const event = {
      version: '2.0',
      rawPath: '/v1/mappings',
      headers: { 'x-amzn-iam-arn': 'arn:aws:iam::111122223333:root' },
      requestContext: { http: { method: 'POST' } },
    };
    expect(requestOfEvent(event)?.caller).toBeUndefined();
  });

  test('a header named like a part of every object is a header', () => {
    const headers = JSON.parse('{"__proto__":"a","Constructor":"b"}') as object;
    const request = requestOfEvent({
      version: '2.0',
      rawPath: '/',
      headers,
      requestContext: { http: { method: 'GET' } },
    });
    expect(request?.headers.get('constructor')).toBe('b');
    expect(request?.headers.get('tostring')).toBeUndefined();
  });
});

describe('a handler for Lambda', () => {
  const event = vectors.rows[0]?.event;

  test('answers what both payload versions take', async () => {
    const handler = createLambdaHandler(
      async () => jsonResponse(200, { a: 1 }),
      () => {},
    );
    expect(await handler(event)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(await handler(event)).toEqual(toLambdaResponse(jsonResponse(200, { a: 1 })));
  });

  test('turns what was thrown into a 500 without words, and reports where, not what', async () => {
    const lines: string[] = [];
    const throwing = createLambdaHandler(
      async () => {
        throw new TypeError('quotes a secret');
      },
      (line) => lines.push(line),
    );
    expect(await throwing(event)).toMatchObject({ statusCode: 500, body: '{"code":"internal"}' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', event: 'unhandled', name: 'TypeError' });
    expect(lines[0]).toMatch(/lambda-event\.test\.ts/);
    expect(lines[0]).not.toContain('secret');
  });

  test('refuses what is no HTTP event', async () => {
    const handler = createLambdaHandler(
      async () => jsonResponse(200, {}),
      () => {},
    );
    expect(await handler({ source: 'aws.events' })).toMatchObject({ statusCode: 400 });
  });
});

describe('paths', () => {
  test.each([
    ['/v1/clusters/a', ['v1', 'clusters', 'a']],
    ['/', ['']],
    ['/a//b', ['a', '', 'b']],
    ['/a%2Fb/%20', ['a/b', ' ']],
    ['/%252F', ['%2F']],
    ['a/b', undefined],
    ['/%', undefined],
    ['/%ff', undefined],
  ])('%s', (path, segments) => {
    expect(pathSegments(path)).toEqual(segments);
  });
});

describe('bearer tokens', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Bearer a, Bearer b', undefined],
    ['Basic abc', undefined],
    ['xBearer abc', undefined],
    ['', undefined],
  ])('%s', (header, token) => {
    expect(bearerToken(new Map([['authorization', header]]))).toBe(token);
    expect(bearerToken(new Map())).toBeUndefined();
  });
});
