import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../../lib/net/http-client.ts';
import type { HttpCall, HttpOutcome } from '../../../lib/net/http-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let origin: URL;
let handler: Handler;
let received: IncomingMessage[];
let connections: number;

async function listen(listener: ReturnType<typeof createTcpServer>): Promise<URL> {
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  return new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
}

beforeEach(async () => {
  received = [];
  connections = 0;
  handler = (_, response) => response.end('fine');
  server = createServer((request, response) => {
    received.push(request);
    handler(request, response);
  }).on('connection', () => {
    connections += 1;
  });
  origin = await listen(server);
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const client = createHttpClient({ keepAlive: false });
const call = (change: Partial<HttpCall> = {}): HttpCall => ({
  method: 'GET',
  origin,
  path: '/',
  headers: {},
  timeoutMilliseconds: 5000,
  maximumAnswerBytes: 100,
  ...change,
});
const send = (change: Partial<HttpCall> = {}): Promise<HttpOutcome> => client(call(change));
const noAnswer = (cause: string): HttpOutcome => ({ kind: 'no_answer', cause, staleSocket: false });

describe('the request', () => {
  test('the path is sent byte for byte, and the Host as given', async () => {
    await send({ path: "/a%2fb//../c?x='%27+|&y", headers: { Host: 'sts.example' } });
    expect(received[0]?.url).toBe("/a%2fb//../c?x='%27+|&y");
    expect(received[0]?.headers).toMatchObject({ host: 'sts.example' });
  });

  test('path, user information and fragment of the origin are not sent', async () => {
    await send({ origin: new URL(`http://user:secret@${origin.host}/elsewhere?q#f`) });
    expect(received[0]?.url).toBe('/');
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  test('the body is sent', async () => {
    handler = (request, response) => request.pipe(response);
    const outcome = await send({ method: 'POST', body: 'grüße' });
    expect(outcome).toMatchObject({ kind: 'answer', status: 200, body: Buffer.from('grüße') });
  });

  test('no proxy of the environment is asked', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await send()).toMatchObject({ kind: 'answer' });
  });

  test('a header that cannot be sent is no answer, and its value stays out of the cause', async () => {
    const outcome = await send({ headers: { 'x-secret': 'secret\n' } });
    expect(outcome).toEqual(noAnswer('ERR_INVALID_CHAR'));
  });

  test('a path that cannot be sent is no answer, and stays out of the cause', async () => {
    expect(await send({ path: '/secret path' })).toEqual(noAnswer('ERR_UNESCAPED_CHARACTERS'));
  });
});

describe('the answer', () => {
  test('status, headers by lower-case name and body are returned', async () => {
    handler = (_, response) => response.writeHead(418, { 'X-Kind': 'teapot' }).end('no coffee');
    expect(await send()).toMatchObject({
      kind: 'answer',
      status: 418,
      headers: { 'x-kind': 'teapot' },
      body: Buffer.from('no coffee'),
    });
  });

  test('a redirect is returned, not followed', async () => {
    handler = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    expect(await send()).toMatchObject({ kind: 'answer', status: 302 });
    expect(received).toHaveLength(1);
  });

  test('a body of exactly the limit is returned, and one byte more is not', async () => {
    handler = (_, response) => response.end('x'.repeat(100));
    expect(await send()).toMatchObject({ body: Buffer.alloc(100, 'x') });
    handler = (_, response) => response.writeHead(429).end('x'.repeat(101));
    expect(await send()).toMatchObject({ kind: 'answer', status: 429, body: undefined });
  });

  test('a body without end is cut off at the limit', async () => {
    let isClosed = false;
    handler = (_, response) => {
      response.on('close', () => {
        isClosed = true;
      });
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(1000), more);
      };
      more();
    };
    expect(await send()).toMatchObject({ kind: 'answer', body: undefined });
    await vi.waitFor(() => expect(isClosed).toBe(true));
  });

  test('a body that the server cuts off is no answer', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': '50' }).write('half', () => response.destroy());
    };
    expect(await send()).toEqual(noAnswer('answer cut off'));
  });
});

describe('no answer', () => {
  test.each([
    ['before the answer', (() => {}) satisfies Handler],
    ['within the answer', ((_, response) => response.writeHead(200).write('half')) satisfies Handler],
  ])('silence %s ends at the time-out', async (_, silent) => {
    handler = silent;
    expect(await send({ timeoutMilliseconds: 50 })).toEqual(noAnswer('no answer within 0.05 s'));
  });

  test('an answer that trickles ends at the time-out too, which is for all of it', async () => {
    handler = (_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    expect(await send({ timeoutMilliseconds: 200 })).toEqual(noAnswer('no answer within 0.2 s'));
  });

  test('an abort ends the call, and closes its connection', async () => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      handler = (request) => {
        request.on('close', () => resolve());
        controller.abort();
      };
    });
    expect(await send({ signal: controller.signal })).toEqual(noAnswer('aborted'));
    await closed;
  });

  test('a call whose signal is aborted already makes no connection', async () => {
    expect(await send({ signal: AbortSignal.abort() })).toEqual(noAnswer('aborted'));
    expect(connections).toBe(0);
  });

  test('a signal that outlives its calls keeps no listener of them', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await send({ signal });
    expect(remove).toHaveBeenCalledOnce();
  });

  test('a refused connection is named by its code', async () => {
    expect(await send({ origin: new URL('http://127.0.0.1:1') })).toEqual(noAnswer('ECONNREFUSED'));
  });

  test('an offer to switch protocols is no answer', async () => {
    const odd = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      );
    });
    expect(await send({ origin: await listen(odd) })).toEqual(noAnswer('closed without an answer'));
    odd.close();
  });

  test('a self-signed certificate is refused, even if the environment switches the check off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      keySize: 2048,
    });
    const secure = createTlsServer({ key, cert }, (_, response) => response.end());
    const { port } = await listen(secure);
    expect(await send({ origin: new URL(`https://127.0.0.1:${port}`) })).toEqual(
      noAnswer('DEPTH_ZERO_SELF_SIGNED_CERT'),
    );
    secure.close();
  });
});

describe('connections', () => {
  test('a client with keepAlive reuses its connection, one without makes a new one', async () => {
    const keeping = createHttpClient({ keepAlive: true });
    for (let index = 0; index < 3; index += 1) await keeping(call());
    expect(connections).toBe(1);
    for (let index = 0; index < 3; index += 1) await send();
    expect(connections).toBe(4);
  });

  test('a reset of a reused connection is a stale socket, a reset of a new one is not', async () => {
    const keeping = createHttpClient({ keepAlive: true });
    await keeping(call());
    handler = (_, response) => response.destroy();
    expect(await keeping(call())).toEqual({ kind: 'no_answer', cause: 'ECONNRESET', staleSocket: true });
    expect(await keeping(call())).toEqual(noAnswer('ECONNRESET'));
  });
});
