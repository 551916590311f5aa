/** The HTTPS server of `countersign serve`. */
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { selfSigned } from '../../../cli/serve/certificate.ts';
import type { CertificateFiles } from '../../../cli/serve/certificate.ts';
import { listen, watchCertificate } from '../../../cli/serve/server.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const pair = async (name: string): Promise<CertificateFiles> =>
  (await selfSigned(scratchFolder(), [name], Date.now())).files;

/** The first name in the certificate that the server presents. */
async function presentedName(port: number): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const name = socket.getPeerCertificate().subjectaltname;
  socket.destroy();
  return name;
}

async function serving(files: CertificateFiles) {
  const { server, port } = await listen((_, response) => response.end('ok'), files, {
    address: '127.0.0.1',
    port: 0,
    maxConnections: 3,
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('a renewed certificate is presented after 30 s, without a restart', async () => {
  const [files, renewed] = [await pair('first'), await pair('second')];
  const { server, port } = await serving(files);
  const lines: string[] = [];
  watchCertificate(server, files, (line) => lines.push(line));
  copyFileSync(renewed.cert, files.cert);
  copyFileSync(renewed.key, files.key);
  for (const file of [files.cert, files.key]) utimesSync(file, 1, 1);
  expect(await presentedName(port)).toBe('DNS:first');
  vi.advanceTimersByTime(30_000);
  expect(await presentedName(port)).toBe('DNS:second');
  expect(lines).toEqual([`The new certificate of ${files.cert} is in use.`]);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(1);
});

test('a renewed certificate without its key is not used until the key is there', async () => {
  const [files, renewed] = [await pair('first'), await pair('second')];
  const { server, port } = await serving(files);
  const lines: string[] = [];
  watchCertificate(server, files, (line) => lines.push(line));
  copyFileSync(renewed.cert, files.cert);
  utimesSync(files.cert, 1, 1);
  vi.advanceTimersByTime(30_000);
  expect(await presentedName(port)).toBe('DNS:first');
  expect(lines.at(-1)).toContain('the old certificate stays in use');
  copyFileSync(renewed.key, files.key);
  vi.advanceTimersByTime(30_000);
  expect(await presentedName(port)).toBe('DNS:second');
});

test('a port that is in use is named in the error message, with a remedy', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  await expect(
    listen(() => {}, await pair('first'), { address: '127.0.0.1', port, maxConnections: 3 }),
  ).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use: give another port with --port.`);
});

test('files that are not a certificate and its key are named in the error message', async () => {
  const folder = scratchFolder();
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  for (const file of [files.cert, files.key]) writeFileSync(file, 'nothing');
  await expect(listen(() => {}, files, { address: '127.0.0.1', port: 0, maxConnections: 3 })).rejects.toThrow(
    `${files.cert} and ${files.key} are not a certificate and its key.`,
  );
});

test('connections beyond the limit are closed at once, and stalled ones are timed', async () => {
  const { server, port } = await serving(await pair('first'));
  expect(server).toMatchObject({ maxConnections: 3, headersTimeout: 10_000, requestTimeout: 15_000 });
  const sockets = Array.from({ length: 3 }, () =>
    connect({ host: '127.0.0.1', port, rejectUnauthorized: false }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'secureConnect')));
  const further = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await expect(once(further, 'secureConnect')).rejects.toThrow(/disconnected|ECONNRESET/);
  for (const socket of sockets) socket.destroy();
});
