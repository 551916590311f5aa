/** One HTTP request, over node:http or node:https: `fetch` costs a CLI more than all the rest of its start. */
import type { IncomingMessage } from 'node:http';
import { messageOf } from './exit.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** It could not be asked, or did not answer. `reason` is short: a code such as ECONNREFUSED, or a sentence. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const maximumAnswerBytes = 32 * 1024 * 1024;

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.iterator()) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > maximumAnswerBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error);

/** @throws Unreachable; never follows a redirect, never asks a proxy. */
export async function send(call: HttpCall): Promise<HttpAnswer> {
  const { request } = call.url.protocol === 'http:' ? await import('node:http') : await import('node:https');
  const { method, headers, body } = call;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(call.timeoutMs);
      const outgoing = request(call.url, { method, headers, agent: false, signal }, resolve);
      outgoing.on('error', (error) => {
        reject(signal.aborted ? new Error(`no answer within ${call.timeoutMs / 1000} s`) : error);
      });
      outgoing.end(body);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await readAll(response) };
  } catch (error) {
    throw new Unreachable(reasonOf(error), { cause: error });
  }
}

export const isLoopback = (url: URL): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
