import { describe, expect, test } from 'vitest';
import { requestOfEvent } from '../../../lib/http/lambda-event.ts';
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

describe('requestOfEvent', () => {
  test.each(vectors.rows as unknown as readonly Row[])(
    'the event of $name becomes the same request',
    (row) => {
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
    },
  );

  test.each([
    ['nothing', undefined],
    ['a schedule', { 'detail-type': 'Scheduled Event', detail: {} }],
    ['a queue', { Records: [{ body: '{}' }] }],
    ['a text', 'POST'],
  ])('%s is not a request', (_name, event) => {
    expect(requestOfEvent(event)).toBeUndefined();
  });

  test('the caller comes from the request context, never from a header', () => {
    const event = {
      version: '2.0',
      rawPath: '/v1/mappings',
      headers: { 'x-amzn-iam-arn': 'arn:aws:iam::111122223333:root' },
      requestContext: { http: { method: 'POST' } },
    };
    expect(requestOfEvent(event)?.caller).toBeUndefined();
  });

  test('a header named like a property of every object is a header', () => {
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
