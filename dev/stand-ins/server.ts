/** The stand-ins for STS and IAM on one port of the loopback interface. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { iam } from './iam/service.ts';
import { formPairs, queryPairs } from './sigv4/query.ts';
import type { ReceivedRequest } from './sigv4/received-request.ts';
import type { AwsAccounts } from './service/accounts.ts';
import { serve } from './serve.ts';
import { sts } from './sts/service.ts';

export interface AwsServerOptions {
  /** Called for every request, since the fixture may have changed. */
  readonly accounts: () => AwsAccounts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A token of 16 KiB needs a target of 16 KiB, which is already Node's default for all headers together. */
const maxHeaderSize = 65_536;
const maxBodyBytes = 262_144;

/** Creates an HTTP server that is not listening yet. */
export function createAwsServer({ accounts, now }: AwsServerOptions): Server {
  return createServer({ maxHeaderSize }, (message, response) => {
    receive(message)
      .then((request) => answer(request, response, accounts(), now()))
      .catch(() => response.destroy());
  });
}

function answer(
  request: ReceivedRequest,
  response: ServerResponse,
  accounts: AwsAccounts,
  now: number,
): void {
  const requestId = randomUUID();
  const served = serve(isForIam(request) ? iam : sts, request, { accounts, now, requestId });
  response.writeHead(served.status, {
    'content-type': served.contentType,
    'content-length': Buffer.byteLength(served.body),
    'x-amzn-requestid': requestId,
  });
  response.end(served.body);
}

/** Both services share the port. The version of the API, in the query or in the body, distinguishes them. */
const isForIam = (request: ReceivedRequest): boolean =>
  [...queryPairs(request.target), ...formPairs(request.body)].some(
    ([name, value]) => name === 'Version' && value === iam.version,
  );

async function receive(message: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  const { rawHeaders } = message;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const { method = 'GET', url: target = '/' } = message;
  return { method, target, headers, body: Buffer.concat(chunks) };
}
