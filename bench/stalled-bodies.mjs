// @ts-check
// oxlint-disable typescript/no-unsafe-assignment typescript/no-unsafe-argument typescript/no-unsafe-call typescript/no-unsafe-member-access -- JavaScript, so that it runs unbuilt: the linter knows no types here
/**
 * What stalled bodies cost `countersign serve`: opens TLS connections to it that send the headers of a review and 255 KiB of a body of
 * 255 KiB + 1, and stall. Prints the memory of the process. Linux only.
 *
 * `node bench/stalled-bodies.mjs [CONNECTIONS] [BEARER]` after `npm run build`. BEARER: a webhook token, right or wrong; default: none.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';

const [count = '2000', bearer] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'countersign-stalled-'));
const child = spawn(
  process.execPath,
  ['dist/cli/main.mjs', 'serve', '--port', '0', '--state-dir', directory],
  {
    env: {
      ...process.env,
      COUNTERSIGN_TABLE: 'countersign',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000001',
      AWS_SECRET_ACCESS_KEY: 'not-a-real-secret',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  },
);
/** @type {number} */
const port = await new Promise((done) => {
  child.stderr.setEncoding('utf8').on('data', (text) => {
    const [, found] = /https:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
    if (found !== undefined) done(Number(found));
  });
});

const mebibytes = () => {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
};
/** @type {string[]} */
const head = [
  'POST /v1/clusters/demo/tokenreviews HTTP/1.1',
  'Host: localhost',
  bearer === undefined ? 'Accept: */*' : `Authorization: Bearer ${bearer}`,
  `Content-Length: ${bearer === undefined ? 261_121 : 65_536}`,
];
const body = 'x'.repeat(bearer === undefined ? 261_120 : 65_535);
const before = mebibytes();
let [open, closed] = [0, 0];
for (let index = 0; index < Number(count); index += 1) {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
    open += 1;
    socket.write(`${[...head, '', ''].join('\r\n')}${body}`);
  });
  socket.on('error', () => {});
  socket.on('close', () => (closed += 1));
  socket.resume();
  if (index % 50 === 49) await sleep(50);
}
let most = 0;
for (let tick = 0; tick < 100; tick += 1) {
  most = Math.max(most, mebibytes());
  await sleep(100);
}
console.log(
  `${count} connections: ${open} got through the handshake, ${closed} closed after 10 s; memory ${before} MiB before, ${most} MiB at most, ${mebibytes()} MiB after`,
);
child.kill();
rmSync(directory, { recursive: true, force: true });
process.exit(0);
