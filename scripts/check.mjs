// @ts-check
/**
 * `npm run check`: runs the checks below side by side, and prints the output of each failed check. Each is also a script of its own,
 * `npm run check:lint` for instance.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** By the time that they need, longest first, so that the last one to end ends soon. */
const checks = ['format', 'lint', 'types', 'unused', 'layers'];

/** @param {string} name */
async function run(name) {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', `check:${name}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  const [code] = await once(child, 'close');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (code === 0) return console.log(`${name}: ${seconds} s`);
  process.exitCode = 1;
  console.error(`${name}: failed (npm run check:${name})\n${output}`);
}

await Promise.all(checks.map(run));
