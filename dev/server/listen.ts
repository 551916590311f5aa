import type { Server } from 'node:http';

export const loopback = '127.0.0.1';

/** Closes an HTTP server and its open connections. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Listens on loopback.
 * @param option the flag that chooses another port, for the error message
 * @returns the port
 * @throws Error of one sentence if the port is in use
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
    throw new Error(`Port ${port} ${why}: choose another with ${option}, or 0 for any free port.`, {
      cause: error,
    });
  }
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}
