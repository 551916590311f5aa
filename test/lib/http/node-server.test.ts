import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { LambdaResponse } from '../../../lib/http/lambda-event.ts';
import { requestOfEvent } from '../../../lib/http/lambda-event.ts';
import { maxBodyBytes } from '../../../lib/http/message.ts';
import { createListener } from '../../../lib/http/node-server.ts';
import type { EventHandler, ListenerOptions, Payload2Event } from '../../../lib/http/node-server.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(
  route: (event: Payload2Event) => EventHandler | undefined,
  options?: ListenerOptions,
): Promise<number> {
  const server = http.createServer(createListener(route, options));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Sent {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function send(
  port: number,
  options: http.RequestOptions,
  chunks: readonly (string | Buffer)[] = [],
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on('error', reject);
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });
}

/** Answers with what it was asked. */
const echo: EventHandler = async (event): Promise<LambdaResponse> => {
  const request = requestOfEvent(event);
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json', etag: '"1"' },
    body: JSON.stringify({
      method: request?.method,
      path: request?.path,
      query: request?.query.toString(),
      authorization: request?.headers.get('authorization'),
      bytes: request?.body.length,
      caller: request?.caller,
      sourceIp: request?.sourceIp,
    }),
    isBase64Encoded: false,
  };
};

describe("handlers behind Node's own server", () => {
  test('a request becomes an event, and the answer goes back', async () => {
    const port = await listen(() => echo, { caller: 'dev' });
    const answer = await send(
      port,
      {
        method: 'POST',
        path: '/v1/clusters/%64emo/tokenreviews?timeout=30s&a=b?c',
        headers: { Authorization: 'Bearer x' },
      },
      ['{"a":', Buffer.from('"é"}')],
    );
    expect(answer).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(JSON.parse(answer.body)).toEqual({
      method: 'POST',
      path: '/v1/clusters/%64emo/tokenreviews',
      query: 'timeout=30s&a=b%3Fc',
      authorization: 'Bearer x',
      bytes: 10,
      caller: 'dev',
      sourceIp: '127.0.0.1',
    });
  });

  test('two Authorization headers are joined, not dropped', async () => {
    const port = await listen(() => echo);
    const answer = await send(port, { headers: { Authorization: ['Bearer a', 'Bearer b'] } });
    expect(JSON.parse(answer.body)).toMatchObject({ authorization: 'Bearer a,Bearer b' });
  });

  test('a request without a function is answered 404', async () => {
    expect(await send(await listen(() => undefined), { path: '/x' })).toMatchObject({
      status: 404,
      body: '{"code":"not_found"}',
    });
  });

  test('an error of a handler is answered 500 without its message', async () => {
    const errors: unknown[] = [];
    const port = await listen(() => () => Promise.reject(new Error('secret')), {
      onError: (error) => errors.push(error),
    });
    expect(await send(port, {})).toMatchObject({ status: 500, body: '{"code":"internal"}' });
    expect(errors).toHaveLength(1);
  });

  test.each([
    ['a body of 256 KiB', maxBodyBytes, 201],
    ['a byte more', maxBodyBytes + 1, 413],
    ['a megabyte, which is read and dropped so that the client hears of it', 1 << 20, 413],
  ])('a body %s is answered as it should be', async (_name, bytes, status) => {
    const port = await listen(() => echo);
    expect((await send(port, { method: 'POST' }, [Buffer.alloc(bytes)])).status).toBe(status);
  });

  test('a body without end is cut off', async () => {
    const port = await listen(() => echo);
    const chunk = Buffer.alloc(1 << 20);
    const request = http.request({ port, host: '127.0.0.1', method: 'POST', agent: false });
    const statuses: (number | undefined)[] = [];
    request.on('response', (response) => statuses.push(response.resume().statusCode));
    request.on('error', () => {});
    const pour = (): void => {
      while (!request.destroyed && request.write(chunk));
    };
    request.on('drain', pour);
    pour();
    await new Promise((resolve) => request.on('close', resolve));
    expect(statuses.every((status) => status === 413)).toBe(true);
  });
});

test('a client that hangs up in the middle of its body is not reported as an error', async () => {
  const errors: unknown[] = [];
  let closed = (): void => {};
  const end = new Promise<void>((resolve) => (closed = resolve));
  const listener = createListener(() => echo, { onError: (error) => void errors.push(error) });
  const server = http.createServer((request, response) => {
    request.on('close', () => setImmediate(closed));
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = http.request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 9 } });
  request.on('error', () => {});
  request.write('half', () => request.destroy());
  await end;
  expect(errors).toEqual([]);
});
