/** What test/support/setup.ts puts around every test: without it the rules that it stands for would fail unseen. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const captured = (): string =>
  readFileSync(join(process.env['COUNTERSIGN_CAPTURE_DIR'] ?? '', `worker-${process.pid}.txt`), 'utf8');

test.each([
  ['by options', () => net.connect({ host: '192.0.2.1', port: 443 })],
  ['by port and host', () => net.connect(443, 'sts.amazonaws.com')],
])('a connection to anything but loopback fails at once, %s', (_name, connect) => {
  expect(connect).toThrow('tests need no network but loopback');
});

test.each([
  ['process.stdout', (text: string) => process.stdout.write(text)],
  ['process.stderr', (text: string) => process.stderr.write(text)],
  // oxlint-disable-next-line eslint/no-console -- it is what is tested
  ['console.log', (text: string) => console.log(text)],
  // oxlint-disable-next-line eslint/no-console -- it is what is tested
  ['console.error', (text: string) => console.error(text)],
])('what %s prints is kept, once, for the search that ends the run', (name, print) => {
  const text = `printed by ${name}\n`;
  print(text);
  expect(captured().split(text)).toHaveLength(2);
});
