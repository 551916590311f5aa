import { describe, expect, test } from 'vitest';
import { toLambdaResponse } from '../../../lib/http/lambda-event.ts';
import { createLambdaHandler } from '../../../lib/http/lambda-handler.ts';
import { jsonResponse } from '../../../lib/http/message.ts';
import vectors from '../../vectors/lambda-events.json' with { type: 'json' };

describe('createLambdaHandler', () => {
  const event = vectors.rows[0]?.event;

  test('an answer has the form of both payload versions', async () => {
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

  test('an error becomes a 500 without its message, and is reported by class and frames', async () => {
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
    expect(lines[0]).toMatch(/lambda-handler\.test\.ts/);
    expect(lines[0]).not.toContain('secret');
  });

  test('an event that is no HTTP request is refused', async () => {
    const handler = createLambdaHandler(
      async () => jsonResponse(200, {}),
      () => {},
    );
    expect(await handler({ source: 'aws.events' })).toMatchObject({ statusCode: 400 });
  });
});
