/** Starts `countersign dev` as a user does, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { capture } from '../fixtures/capture.ts';

export interface DevProcess {
  readonly child: ChildProcess;
  /** All that it has printed. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code and signal. */
  readonly exited: Promise<readonly [number | null, string | null]>;
}

export const script = 'dist/cli/main.mjs';

/** What is printed to be pasted holds the demo's public keys on purpose; the rest must hold no secret. */
const withoutPaste = (text: string): string => text.replace(/^# Paste[^]*$/m, '');

export function startProcess(args: readonly string[]): DevProcess {
  const child = spawn(process.execPath, [script, 'dev', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
  });
  const exited = once(child, 'close').then((ended) => {
    capture(withoutPaste(texts.stdout));
    capture(texts.stderr);
    return ended as [number | null, string | null];
  });
  return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, exited };
}

export interface Ready extends DevProcess {
  readonly url: string;
  readonly awsUrl: string;
  /** The line after the ready line. */
  readonly login: string;
  /** Everything that is to be pasted. */
  readonly paste: string;
  /** Ends it by SIGTERM and says how long that took, in milliseconds. */
  readonly end: () => Promise<number>;
}

/** Starts it on free ports, and waits until it says that it is ready. */
export async function startReady(args: readonly string[] = []): Promise<Ready> {
  const dev = startProcess(['--port', '0', ...args]);
  const paste = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const [, text] = /^(# Paste[^]*\n)\n$/m.exec(dev.stdout()) ?? [];
      if (text !== undefined) resolve(text);
    };
    dev.child.stdout?.on('data', look);
    void dev.exited.then(() => reject(new Error(`countersign dev has ended: ${dev.stderr()}`)));
  });
  const [first = '', login = ''] = dev.stdout().split('\n');
  const url = first.replace('Countersign is ready at ', '');
  const awsUrl = /^export AWS_ENDPOINT_URL=(.*)$/m.exec(paste)?.[1] ?? '';
  const end = async (): Promise<number> => {
    const started = performance.now();
    dev.child.kill('SIGTERM');
    await dev.exited;
    return performance.now() - started;
  };
  return { ...dev, url, awsUrl, login, paste, end };
}
