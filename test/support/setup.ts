/**
 * Runs in every test worker. Tests need no network but loopback: anything else fails at once, with a sentence
 * that says so. All that a worker prints is kept for the search that closes the run (see global-setup.ts).
 */
import net from 'node:net';
import { capture } from './capture.ts';

const isLoopback = (host: string | undefined): boolean =>
  host === undefined || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

// oxlint-disable-next-line typescript/unbound-method -- guardedConnect calls it on its own receiver
const connect = net.Socket.prototype.connect;

function guardedConnect(this: net.Socket, ...args: unknown[]): net.Socket {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host =
    typeof first === 'object' && first !== null
      ? (first as { host?: string }).host
      : (args[1] as string | undefined);
  if (typeof first !== 'string' && !isLoopback(host)) {
    throw new Error(`A test tried to reach ${host}: tests need no network but loopback.`);
  }
  return Reflect.apply(connect, this, args) as net.Socket;
}
Object.assign(net.Socket.prototype, { connect: guardedConnect });

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  const captured = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    capture(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    return write(chunk, ...rest);
  };
  Object.assign(stream, { write: captured });
}
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  const original = console[method].bind(console);
  console[method] = (...args: unknown[]) => {
    capture(`${args.map(String).join(' ')}\n`);
    original(...args);
  };
}
