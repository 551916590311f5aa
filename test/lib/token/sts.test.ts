import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stsHosts } from '../../../lib/identity/partitions.ts';
import { parseToken } from '../../../lib/token/parse/token.ts';
import { createStsTransport } from '../../../lib/token/sts.ts';
import type { AskSts } from '../../../lib/token/sts.ts';
import type { UnverifiedRequest } from '../../../lib/token/parse/unverified-request.ts';
import { expectedSignature, demoKeys, frozenNow, parametersOf, tokenOf } from '../../fixtures/presign.ts';
import { flawlessUrl } from '../../vectors/make-hostile-tokens.ts';

const identity = JSON.stringify({
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: {
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/alice',
      UserId: 'AIDADEMOALICE00000001',
    },
    ResponseMetadata: { RequestId: 'x' },
  },
});
const json = { 'Content-Type': 'application/json' };

function flawless(): UnverifiedRequest {
  const parsed = parseToken(tokenOf(flawlessUrl), { hosts: stsHosts([]), partition: 'aws', now: frozenNow });
  if (!parsed.ok) throw new Error(parsed.failure.code);
  return parsed.value;
}
const request = flawless();

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;
let server: Server;
let handler: Handler;
let received: IncomingMessage[];
let connections: number;
let ask: AskSts;

beforeEach(async () => {
  received = [];
  connections = 0;
  handler = (_, response) => response.writeHead(200, json).end(identity);
  server = createServer((incoming, response) => {
    received.push(incoming);
    handler(incoming, response, received.length);
  }).on('connection', () => {
    connections += 1;
  });
  ask = createStsTransport({ endpoint: await listen(server), reach: 'all' });
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function listen(listener: ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const outcomeOf = async (clusterId = 'demo'): Promise<unknown> => {
  const result = await ask(request, clusterId);
  return result.ok ? result.value.canonicalArn : result.failure;
};

describe('the request to STS', () => {
  test('is a GET with our own headers and the host that was signed, and nothing else', async () => {
    expect(await outcomeOf()).toBe('arn:aws:iam::111122223333:user/alice');
    const [sent] = received;
    expect(sent?.method).toBe('GET');
    expect(sent?.headers).toEqual({
      host: 'sts.us-east-1.amazonaws.com',
      'x-k8s-aws-id': 'demo',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'countersign',
      connection: 'keep-alive',
    });
  });

  test('carries the cluster id of our record: a token for another cluster has the wrong signature', async () => {
    await outcomeOf('other');
    const [sent] = received;
    const { 'X-Amz-Signature': signature, ...parameters } = Object.fromEntries(
      parametersOf(sent?.url?.slice(2) ?? ''),
    );
    const signedFor = (clusterId: unknown): boolean =>
      signature ===
      expectedSignature({
        host: sent?.headers.host ?? '',
        clusterId: String(clusterId),
        secretAccessKey: demoKeys.secretAccessKey,
        parameters: Object.entries(parameters),
      });
    expect(signedFor('demo')).toBe(true);
    expect(sent?.headers['x-k8s-aws-id']).toBe('other');
    expect(signedFor(sent?.headers['x-k8s-aws-id'])).toBe(false);
  });

  test('keeps its connection for the next one', async () => {
    await outcomeOf();
    await outcomeOf();
    expect([received.length, connections]).toEqual([2, 1]);
  });

  test('takes no proxy from the environment', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await outcomeOf()).toBe('arn:aws:iam::111122223333:user/alice');
  });
});

describe('the answer of STS', () => {
  test('a redirect is not followed', async () => {
    handler = (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    expect(await outcomeOf()).toMatchObject({ code: 'sts_bad_answer' });
    expect(received).toHaveLength(1);
  });

  test('a body of 64 KiB is read, and one byte more is not', async () => {
    handler = (_, response) => response.writeHead(200, json).end(identity.padEnd(65_536));
    expect(await outcomeOf()).toBe('arn:aws:iam::111122223333:user/alice');
    handler = (_, response) => response.writeHead(200, json).end(identity.padEnd(65_537));
    expect(await outcomeOf()).toMatchObject({ code: 'sts_bad_answer' });
  });

  test('a body without end is given up', async () => {
    handler = (_, response) => {
      response.writeHead(200, json);
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(10_000), more);
      };
      more();
    };
    expect(await outcomeOf()).toMatchObject({ code: 'sts_bad_answer' });
  });

  test('a refusal is known by its code', async () => {
    handler = (_, response) =>
      response.writeHead(403, json).end('{"Error":{"Code":"SignatureDoesNotMatch"}}');
    expect(await outcomeOf()).toEqual({
      outcome: 'denied',
      code: 'signature_mismatch',
      data: { clusterId: 'demo' },
    });
  });

  test('an answer that is not HTTP is unavailable', async () => {
    const odd = createTcpServer((socket) => socket.end('220 smtp.example ready\r\n').on('error', () => {}));
    ask = createStsTransport({ endpoint: await listen(odd), reach: 'all' });
    expect(await outcomeOf()).toMatchObject({ code: 'sts_unreachable', data: { cause: /^HPE_/ } });
    odd.close();
  });
});

test('an offer to switch protocols is no answer', async () => {
  const odd = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
  });
  ask = createStsTransport({ endpoint: await listen(odd), reach: 'all' });
  expect(await outcomeOf()).toMatchObject({
    code: 'sts_unreachable',
    data: { cause: 'closed without an answer' },
  });
  odd.close();
});

describe('a connection to STS that fails', () => {
  const broken: Handler = (_, response) => response.destroy();

  test('is retried at once', async () => {
    handler = (incoming, response, count) =>
      count === 1 ? broken(incoming, response, count) : response.writeHead(200, json).end(identity);
    expect(await outcomeOf()).toBe('arn:aws:iam::111122223333:user/alice');
    expect(received).toHaveLength(2);
  });

  test('is retried at most once', async () => {
    handler = broken;
    expect(await outcomeOf()).toEqual({
      outcome: 'unavailable',
      code: 'sts_unreachable',
      data: { host: 'sts.us-east-1.amazonaws.com', cause: 'ECONNRESET' },
    });
    expect(received).toHaveLength(2);
  });

  test('is unavailable with the code of the error if the port is closed', async () => {
    const gone = createTcpServer();
    ask = createStsTransport({ endpoint: await listen(gone), reach: 'all' });
    await new Promise((resolve) => {
      gone.close(resolve);
    });
    expect(await outcomeOf()).toMatchObject({ code: 'sts_unreachable', data: { cause: 'ECONNREFUSED' } });
  });

  test.each([
    ['before the answer', (() => {}) satisfies Handler],
    ['within the answer', ((_, response) => response.writeHead(200, json).write(identity)) satisfies Handler],
  ])('is not retried after silence %s, which ends after 2 s', async (_, silent) => {
    handler = silent;
    const start = performance.now();
    expect(await outcomeOf()).toMatchObject({
      code: 'sts_unreachable',
      data: { cause: 'no answer within 2 s' },
    });
    expect(performance.now() - start).toBeLessThan(3000);
    expect(received).toHaveLength(1);
  });

  test('refuses a self-signed certificate, even if the environment switches the check off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      keySize: 2048,
    });
    const secure = createTlsServer({ key, cert }, (_, response) =>
      response.writeHead(200, json).end(identity),
    );
    const endpoint = (await listen(secure)).replace('http:', 'https:');
    ask = createStsTransport({ endpoint, reach: 'all' });
    expect(await outcomeOf()).toMatchObject({
      code: 'sts_unreachable',
      data: { cause: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    secure.close();
  });
});

describe('an interface endpoint of STS', () => {
  test('accepts tokens for the host of its region', async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    ask = createStsTransport({ endpoint, reach: { host: 'sts.us-east-1.amazonaws.com' } });
    expect(await outcomeOf()).toBe('arn:aws:iam::111122223333:user/alice');
  });

  test('refuses tokens for another host without a connection', async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    ask = createStsTransport({ endpoint, reach: { host: 'sts.eu-west-1.amazonaws.com' } });
    expect(await outcomeOf()).toEqual({
      outcome: 'denied',
      code: 'host_not_reachable',
      data: { host: 'sts.us-east-1.amazonaws.com', reachable: 'sts.eu-west-1.amazonaws.com' },
    });
    expect(connections).toBe(0);
  });

  test.each([
    'http://sts.example',
    'ftp://127.0.0.1',
    'https://x.example/path',
    'https://x.example/?q',
    'https://me@x.example',
    'http://127.0.0.1.evil.example',
    'nothing',
  ])('cannot be %s', (endpoint) => {
    expect(() => createStsTransport({ endpoint, reach: 'all' })).toThrow(TypeError);
  });

  test.each([
    'https://vpce-1.sts.eu-west-1.vpce.amazonaws.com',
    'https://x.example:8443',
    'http://[::1]:8080',
    'http://localhost',
    'http://127.0.0.1',
  ])('can be %s', (endpoint) => {
    expect(createStsTransport({ endpoint, reach: 'all' })).toBeTypeOf('function');
  });
});

test('without an endpoint each STS host is reached under its own name', async () => {
  // Tests reach loopback only: the guard in test/fixtures/setup.ts says where this one wanted to go.
  expect(await createStsTransport()(request, 'demo')).toMatchObject({
    ok: false,
    failure: { code: 'sts_unreachable' },
  });
});
