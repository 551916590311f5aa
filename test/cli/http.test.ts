/** HTTP requests of the command line. */
import { expect, test } from 'vitest';
import { Unreachable, send } from '../../cli/http.ts';
import { answering } from '../fixtures/admin-server.ts';

const call = { method: 'POST', headers: { 'x-test': 'a' }, body: 'é', timeoutMs: 5000 };

test('a request carries its method, path, query, headers and body; the answer has its text and its headers by lower-case name', async () => {
  const origin = await answering((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(201, { Location: '/there' });
      response.end(
        `${request.method} ${request.url} ${String(request.headers['x-test'])} ${Buffer.concat(chunks).toString()}`,
      );
    });
  });
  const answer = await send({ ...call, url: new URL(`${origin}/a%2Fb?c=%20`) });
  expect(answer).toMatchObject({
    status: 201,
    body: 'POST /a%2Fb?c=%20 a é',
    headers: { location: '/there' },
  });
});

test('a redirect is not followed', async () => {
  const origin = await answering((_, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1' }).end();
  });
  expect(await send({ ...call, url: new URL(origin) })).toMatchObject({ status: 302, body: '' });
});

test('a server that is down is unreachable by its error code', async () => {
  await expect(send({ ...call, url: new URL('http://127.0.0.1:1') })).rejects.toThrow(
    new Unreachable('ECONNREFUSED'),
  );
});

test('a server that does not answer in time is unreachable', async () => {
  const origin = await answering(() => {});
  await expect(send({ ...call, timeoutMs: 100, url: new URL(origin) })).rejects.toThrow(
    'no answer within 0.1 s',
  );
});

test('an answer above 32 MiB is not read to its end', async () => {
  const origin = await answering((_, response) => {
    response.on('error', () => {});
    for (let sent = 0; sent <= 32; sent += 1) response.write(Buffer.alloc(1024 * 1024));
  });
  await expect(send({ ...call, url: new URL(origin) })).rejects.toThrow('the answer is too large');
});
