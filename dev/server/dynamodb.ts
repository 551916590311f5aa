/** DynamoDB on a laptop: dynalite, in memory or in a folder. It supports every part of DynamoDB that Countersign uses. */
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { lockDirectory } from './data-lock.ts';
import { guardServer } from './guard.ts';

export interface LocalDynamoDb {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Closes the server and its open connections. The data stays in the folder. */
  close(): Promise<void>;
}

export interface LocalDynamoDbOptions {
  /** The folder of the tables; created if it is missing. Default: in memory. */
  readonly directory?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** The only access key id that is accepted. Default: any. */
  readonly accessKeyId?: string | undefined;
}

/**
 * Listens on loopback. Web pages and foreign Hosts get no answer of dynalite, which would let every page read and write (CORS). It
 * checks that requests are signed, not by whom.
 * @throws Error if the port is in use, or the folder cannot be used or is in use by another process
 */
export async function startDynamoDb(options: LocalDynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { directory, port = 0, accessKeyId } = options;
  // Without the lock, dynalite would end this process at its first request if another process has the folder open.
  const unlock = directory === undefined ? () => {} : lockDirectory(directory);
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    ...(directory === undefined ? {} : { path: directory }),
  });
  guardServer(server, { mediaTypes: ['application/x-amz-json-1.0', 'application/json'], accessKeyId });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      unlock();
      reject(error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!isTcp(address)) throw new Error('The local DynamoDB has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error?: Error) => {
          unlock();
          if (error instanceof Error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const isTcp = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
