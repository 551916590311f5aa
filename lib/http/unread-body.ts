/** Sends answers: after the body of a request, or without waiting for it. */
import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LambdaResponse } from './lambda-event.ts';

/** How long a client may go on sending a body that is not read. */
const lingerMilliseconds = 2000;

/** Sends an answer and keeps the connection. */
export function send(response: ServerResponse, answer: LambdaResponse): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}

/**
 * Sends an answer whatever is still to come of the request, and then closes the connection. It does not close at once, since that
 * would reset the connection of a client that is still sending, which then loses the answer: for 2 s or `drainLimit` bytes at most,
 * what comes is dropped.
 */
export function endWithoutBody(
  request: IncomingMessage,
  response: ServerResponse,
  answer: LambdaResponse,
  drainLimit: number,
): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    'content-length': body.length,
    connection: 'close',
  });
  response.write(body);
  const close = (): void => {
    clearTimeout(timer);
    response.end(() => request.socket.destroy());
  };
  const timer = setTimeout(close, lingerMilliseconds);
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > drainLimit) close();
  });
  request.once('close', close);
  // Without a listener, a connection that the client resets would end the process.
  request.on('error', close);
}
