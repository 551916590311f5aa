/**
 * Runs in every test worker. Tests need no network but loopback: anything else fails at once, with a sentence
 * that says so. All that a worker prints is kept for the search that closes the run (see global-setup.ts).
 */
import net from 'node:net';
import { capture } from './capture.ts';

const isLoopback = (host: string | undefined): boolean =>
  host === undefined || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Marks what is in place already: this runs before each test file, in workers that see many of them. */
const ours = Symbol.for('countersign.test-setup');

/** Puts something before a method, once. */
function before<T extends object>(target: T, name: keyof T & string, first: (args: unknown[]) => void): void {
  const original: unknown = target[name];
  if (typeof original !== 'function' || Reflect.has(original, ours)) return;
  function replacement(this: unknown, ...args: unknown[]): unknown {
    first(args);
    return Reflect.apply(original as () => unknown, this, args);
  }
  Object.assign(target, { [name]: Object.assign(replacement, { [ours]: true }) });
}

before(net.Socket.prototype, 'connect', (args) => {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host =
    typeof first === 'object' && first !== null
      ? (first as { host?: string }).host
      : (args[1] as string | undefined);
  if (typeof first !== 'string' && !isLoopback(host)) {
    throw new Error(`A test tried to reach ${host}: tests need no network but loopback.`);
  }
});

for (const stream of [process.stdout, process.stderr]) {
  before(stream, 'write', ([chunk]) =>
    capture(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8')),
  );
}
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  before(console, method, (args) => capture(`${args.map(String).join(' ')}\n`));
}
