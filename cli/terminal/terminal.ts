/** Where a command speaks: data on stdout, talk on stderr; colours, prompts and progress only on a terminal. */
import { failure } from '../exit.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export interface Progress {
  /** Replaces the line on a terminal; elsewhere a line is written at most every 5 s. */
  update(text: string): void;
  end(): void;
}

export interface Terminal {
  /** Data, on stdout, as it is. */
  data(text: string): void;
  /** One line of talk, on stderr. */
  say(line: string): void;
  /** Width of stdout; `undefined` where it is not a terminal. */
  readonly columns: number | undefined;
  /** Somebody is there to answer: stdin and stderr are terminals. */
  readonly interactive: boolean;
  /** Styles text for stdout (`data`) or stderr (`talk`), where that is a terminal and NO_COLOR is unset. */
  style(style: Style, text: string, stream?: 'data' | 'talk'): string;
  /** @throws CliFailure where nobody is there to answer. */
  ask(question: string): Promise<string>;
  progress(label: string): Progress;
}

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };
const progressIntervalMs = 5000;

function makeProgress(stderr: NodeJS.WriteStream, label: string): Progress {
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

async function ask(process: NodeJS.Process, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/**
 * The terminal of this process. Streams are touched when they are used: making the three of them costs a tenth of what
 * `countersign token` takes in all.
 */
export function makeTerminal(process: NodeJS.Process): Terminal {
  const { env } = process;
  const hasNoColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const streamOf = (name: 'data' | 'talk'): NodeJS.WriteStream =>
    name === 'data' ? process.stdout : process.stderr;
  return {
    data: (text) => void process.stdout.write(text),
    say: (line) => void process.stderr.write(`${line}\n`),
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : undefined;
    },
    get interactive() {
      return process.stdin.isTTY && process.stderr.isTTY;
    },
    style(style, text, stream = 'data') {
      return !hasNoColor && streamOf(stream).isTTY ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
    },
    async ask(question) {
      if (!this.interactive) throw failure(`There is no terminal to answer at: ${question.trim()}`);
      return ask(process, question);
    },
    progress: (label) => makeProgress(process.stderr, label),
  };
}
