import type { Server } from 'node:http';

export const loopback = '127.0.0.1';

/** Ends an HTTP server at once, open connections included. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Listens on loopback and says on which port.
 * @throws Error of one sentence where the port is taken; `option` is the flag that chooses another
 */
export async function listen(server: Server, port: number, option: string): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, loopback, resolve);
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${String(code)})`;
    throw new Error(`Port ${port} ${why}: choose another with ${option}, or 0 for any that is free.`, {
      cause: error,
    });
  }
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}
