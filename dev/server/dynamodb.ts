/** DynamoDB on a laptop: dynalite, in memory or in a folder. It has all that Countersign uses of DynamoDB. */
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { lockDirectory } from './data-lock.ts';

export interface LocalDynamoDb {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Ends it, open connections included; what was written is in the folder. */
  close(): Promise<void>;
}

export interface LocalDynamoDbOptions {
  /** Where tables are kept; made if it is not there. Default: in memory. */
  readonly directory?: string | undefined;
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
}

/**
 * Listens on loopback. Any credentials will do: dynalite checks that requests are signed, not by whom.
 * @throws Error where the port is taken or the folder cannot be used, or because another process uses it
 */
export async function startDynamoDb(options: LocalDynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { directory, port = 0 } = options;
  // dynalite itself would end the process at its first request where another one has the folder open.
  const unlock = directory === undefined ? () => {} : lockDirectory(directory);
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    ...(directory === undefined ? {} : { path: directory }),
  });
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
