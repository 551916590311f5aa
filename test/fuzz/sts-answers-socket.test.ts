/** Damaged answers of STS over a socket: an identity only if what was sent holds it, and never a crash. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStsTransport } from '../../lib/token/sts.ts';
import { cases } from '../fixtures/scale.ts';
import { seed, timeout } from './budget.ts';
import { mutate, mutations } from './mutations.ts';
import { intact, request, snippets } from './sts-answer-data.ts';

/** A server that sends the bytes of `next`. */
let next = Buffer.alloc(0);
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end(next));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  server.close();
});

test(
  'only an exact and consistent answer identifies a caller, with status line and headers damaged too',
  async () => {
    const ask = createStsTransport({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      reach: 'all',
    });
    const head = [
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: application/json\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n',
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Type: application/json\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n',
      'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n',
    ];
    const wire = fc
      .tuple(
        fc.constantFrom(...head),
        fc.constantFrom(...intact.map(String)),
        fc.oneof(
          fc.constant([]),
          mutations(
            [...snippets, '\r\n', '\r\n\r\n', 'Transfer-Encoding: chunked\r\n', 'Content-Length: 10\r\n'],
            2,
          ),
        ),
      )
      .map(([start, body, damage]) => Buffer.from(damage.reduce(mutate, start + body)));
    let recognized = 0;
    await fc.assert(
      fc.asyncProperty(wire, async (bytes) => {
        next = bytes;
        const result = await ask(request, 'demo');
        if (!result.ok) return true;
        recognized += 1;
        const text = bytes.toString();
        // Somewhere in what was sent stands this identity, and no sign of another kind of answer.
        return text.includes(result.value.arn) && / 200/.test(text);
      }),
      { numRuns: cases(300, 3000), seed },
    );
    expect(recognized).toBeGreaterThan(10);
  },
  timeout,
);
