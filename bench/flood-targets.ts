/** What the flood is sent to: `countersign serve` as a process, or the built function, one event at a time in each instance. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { otherWebhookToken } from '../test/fixtures/aws-stand-ins.ts';
import type { Review } from './flood-load.ts';
import { reviewEvent, tokenReview, webhookToken } from './review-event.ts';

export interface Target {
  readonly review: Review;
  close(): Promise<void>;
}

/** The process of `serve`, and where others reach it too. */
export interface ServeTarget extends Target {
  readonly address: ServeAddress;
}

type Environment = Readonly<Record<string, string>>;

const bearers = { demo: webhookToken, other: otherWebhookToken };

/** @throws Error with the answer if it is not the right one */
function check(cluster: 'demo' | 'other', status: number | undefined, body: string): void {
  const expected = cluster === 'demo' ? '"username":"alice"' : '"authenticated":false';
  if (status !== 200 || !body.includes(expected)) throw new Error(`${status ?? 'no status'} ${body}`);
}

/** The process of `dist/cli`, over HTTPS with connections that are kept, as an apiserver keeps them. */
export async function startServe(stateDirectory: string, environment: Environment): Promise<ServeTarget> {
  const args = ['dist/cli/main.mjs', 'serve', '--port', '0', '--state-dir', stateDirectory];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], HOME: stateDirectory, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const port = await portOf(child.stderr);
  const address = { port, ca: readFileSync(join(stateDirectory, 'tls.crt'), 'utf8') };
  const client = connect(address);
  return {
    ...client,
    address,
    async close() {
      await client.close();
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Where a started `serve` listens. */
export interface ServeAddress {
  readonly port: number;
  /** Its certificate, in PEM. */
  readonly ca: string;
}

/** A client of a running `serve`, with kept connections; `close` closes these only. */
export function connect({ port, ca }: ServeAddress): Target {
  // Each cluster's apiservers have connections of their own: client-go keeps 25 to a host.
  const agents = {
    demo: new Agent({ keepAlive: true, ca }),
    other: new Agent({ keepAlive: true, maxSockets: 25, ca }),
  };
  return {
    review: (cluster, token) =>
      new Promise<Answer>((done, reject) => {
        const path = `/v1/clusters/${cluster}/tokenreviews`;
        const headers = { authorization: `Bearer ${bearers[cluster]}`, 'content-type': 'application/json' };
        const sent = request(
          { host: '127.0.0.1', port, path, method: 'POST', headers, agent: agents[cluster] },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            response.on('end', () => done({ statusCode: response.statusCode, body: text }));
          },
        );
        sent.on('error', reject);
        sent.end(tokenReview(token));
      }).then(({ statusCode, body }) => check(cluster, statusCode, body)),
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
      return Promise.resolve();
    },
  };
}

/** @throws Error with the output of the process, if it ends before it listens */
function portOf(stderr: NodeJS.ReadableStream): Promise<number> {
  return new Promise((done, reject) => {
    let said = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, port] = /serves reviews at https:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port !== undefined) done(Number(port));
    });
    stderr.on('end', () => reject(new Error(said)));
  });
}

const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
process.stdout.write = () => true;
import(workerData).then(({ handler }) => {
  parentPort.on('message', async (event) => parentPort.postMessage(await handler(event, {})));
  parentPort.postMessage('ready');
});`;

interface Answer {
  readonly statusCode: number | undefined;
  readonly body: string;
}

interface Call {
  readonly event: object;
  readonly done: (answer: Answer) => void;
}

/** Instances of `dist/functions/token-review`, each a thread that has one event at a time; an event waits for a free one. */
export async function startFunctions(instances: number, environment: Environment): Promise<Target> {
  const file = pathToFileURL(resolve('dist/functions/token-review/index.mjs')).href;
  const waiting: Call[] = [];
  const free: Worker[] = [];
  const next = (): void => {
    if (waiting.length === 0) return;
    const worker = free.pop();
    if (worker === undefined) return;
    const call = waiting.shift();
    worker.once('message', (answer: Answer) => {
      call?.done(answer);
      free.push(worker);
      next();
    });
    worker.postMessage(call?.event, []);
  };
  const workers = Array.from(
    { length: instances },
    () => new Worker(workerSource, { eval: true, env: environment, workerData: file, stdout: true }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  free.push(...workers);
  return {
    async review(cluster, token) {
      const event = reviewEvent(token, cluster, bearers[cluster]);
      const { statusCode, body } = await new Promise<Answer>((done) => {
        waiting.push({ event, done });
        next();
      });
      check(cluster, statusCode, body);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
