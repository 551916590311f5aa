/** Runs a packaged function in a child process and calls the handler as Lambda's runtime does. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../../fixtures/capture.ts';

/** A minimal Lambda runtime. It is self-contained: the folder holds only this file and the artifact. */
const runtime = `
const [file, name] = process.env.TEST_HANDLER.split('|');
const handler = (await import(file))[name];
process.on('message', async (event) => {
  const end = Date.now() + 60_000;
  const context = { functionName: 'test', awsRequestId: '0', getRemainingTimeInMillis: () => end - Date.now() };
  try {
    process.send({ result: await handler(event, context) });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.stack : String(error) });
  }
});
process.send('ready');
`;

export interface FunctionProcess {
  invoke(event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** `handler` as in the template: `dist/functions/admin/index.handler`, below `folder`. */
export async function startFunction(
  folder: string,
  handler: string,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const dot = handler.lastIndexOf('.');
  const script = join(folder, 'runtime.mjs');
  writeFileSync(script, runtime);
  const child = fork(script, {
    cwd: folder,
    // As small as Lambda's own environment, and without the credentials of this machine.
    env: { ...environment, TEST_HANDLER: `./${handler.slice(0, dot)}.mjs|${handler.slice(dot + 1)}` },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      capture(text);
    });
  }
  const next = async (): Promise<unknown> => {
    const ended = once(child, 'exit').then(() =>
      Promise.reject(new Error(`The function exited: ${printed}`)),
    );
    return (await Promise.race([once(child, 'message'), ended]))[0];
  };
  await next();
  return {
    async invoke(event) {
      const answer = next();
      child.send(event as object);
      const message = (await answer) as { result?: unknown; error?: string };
      if (message.error !== undefined) throw new Error(`The function threw: ${message.error}`);
      return message.result;
    },
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
