/** The HTTPS server of `countersign serve`: renewed certificates without a restart, and a graceful shutdown. */
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure } from '../exit.ts';
import { readCertificate, stampOf } from './certificate.ts';
import type { CertificateFiles } from './certificate.ts';

/** A renewed certificate is in use after this time at most. */
const certificateCheckMs = 30_000;

/** Headers and body of a review are small: a client that needs longer to send them is not an apiserver. Milliseconds. */
const timeouts = { handshakeTimeout: 10_000, headersTimeout: 10_000, requestTimeout: 15_000 };
/** How often open connections are held against these times. */
const connectionsCheckingInterval = 2000;

export interface ListenOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** More connections at the same time are closed at once. */
  readonly maxConnections: number;
}

export interface Listening {
  readonly server: Server;
  readonly port: number;
}

const addressOf = (server: Server): AddressInfo => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address;
};

function listenError(error: NodeJS.ErrnoException, address: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} of ${address} is in use: give another port with --port.`;
  if (error.code === 'EACCES') return `Port ${port} needs more rights: give a port above 1023 with --port.`;
  return `${address}:${port} cannot be listened on (${error.code ?? error.message}).`;
}

/** @throws CliFailure if the port is in use, or the files are not a certificate and its key */
export async function listen(
  listener: RequestListener,
  files: CertificateFiles,
  { address, port, maxConnections }: ListenOptions,
): Promise<Listening> {
  const server = createTlsServer(listener, files);
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(failure(listenError(error, address, port), error)));
    server.listen(port, address, () => resolve({ server, port: addressOf(server).port }));
  });
}

function createTlsServer(listener: RequestListener, files: CertificateFiles): Server {
  try {
    return createServer(
      { ...readCertificate(files), minVersion: 'TLSv1.2', ...timeouts, connectionsCheckingInterval },
      listener,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'CliFailure') throw error;
    throw failure(`${files.cert} and ${files.key} are not a certificate and its key.`, error);
  }
}

/** Loads renewed certificate files without a restart. Files that do not fit each other yet are tried again at the next check. */
export function watchCertificate(server: Server, files: CertificateFiles, say: (line: string) => void): void {
  let stamp = stampOf(files);
  setInterval(() => {
    const current = stampOf(files);
    if (current === stamp) return;
    try {
      server.setSecureContext(readCertificate(files));
      stamp = current;
      say(`The new certificate of ${files.cert} is in use.`);
    } catch {
      say(`${files.cert} has changed and does not fit ${files.key}: the old certificate stays in use.`);
    }
  }, certificateCheckMs).unref();
}

/** Resolves after SIGTERM or SIGINT: new requests are refused, and open ones have `graceSeconds` to end. */
export function untilStopped(
  server: Server,
  graceSeconds: number,
  say: (line: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = (signal: string): void => {
      say(`${signal}: no new requests are accepted; open requests have ${graceSeconds} s to end.`);
      const timer = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      server.closeIdleConnections();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
  });
}
