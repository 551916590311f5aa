/** Data goes to stdout and messages to stderr; colours, prompts and progress only on a terminal. */
import { styleText } from 'node:util';
import { failure } from '../exit.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export interface Progress {
  /** Replaces the line on a terminal; otherwise writes a line at most every 5 s. */
  update(text: string): void;
  end(): void;
}

export interface Terminal {
  /** Writes data to stdout, unchanged. */
  data(text: string): void;
  /** Writes one line to stderr. */
  say(line: string): void;
  /** Width of stdout; `undefined` if it is not a terminal. */
  readonly columns: number | undefined;
  /** Whether the user can answer: stdin and stderr are terminals. */
  readonly interactive: boolean;
  /** Styles text for stdout (`data`) or stderr (`talk`): only for a terminal, and not if NO_COLOR is set. */
  style(style: Style, text: string, stream?: 'data' | 'talk'): string;
  /** @throws CliFailure if the user cannot answer */
  ask(question: string): Promise<string>;
  progress(label: string): Progress;
}

/** The three streams of a process. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const progressIntervalMs = 5000;

function createProgress(stderr: NodeJS.WriteStream, label: string): Progress {
  let lastLine = 0;
  let drawn = false;
  return {
    update(text) {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${label}: ${text}`);
        drawn = true;
      } else if (Date.now() - lastLine >= progressIntervalMs) {
        stderr.write(`${label}: ${text}\n`);
        lastLine = Date.now();
      }
    },
    end() {
      if (drawn) stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
}

async function ask(process: Streams, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/**
 * The terminal of this process. Streams are opened only when they are used: opening all three takes a tenth of the
 * time of `countersign token`.
 */
export function createTerminal(process: Streams): Terminal {
  return {
    data: (text) => void process.stdout.write(text),
    say: (line) => void process.stderr.write(`${line}\n`),
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : undefined;
    },
    get interactive() {
      return process.stdin.isTTY && process.stderr.isTTY;
    },
    style: (style, text, stream = 'data') =>
      styleText(style, text, { stream: stream === 'data' ? process.stdout : process.stderr }),
    async ask(question) {
      if (!this.interactive) throw failure(`There is no terminal to answer at: ${question.trim()}`);
      return ask(process, question);
    },
    progress: (label) => createProgress(process.stderr, label),
  };
}
