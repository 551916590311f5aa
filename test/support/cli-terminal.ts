/** For tests that run a command in this process. */
import type { Terminal } from '../../cli/terminal.ts';

export interface QuietTerminal extends Terminal {
  /** What was written to stdout. */
  readonly written: string[];
  readonly said: string[];
}

/** Nobody is there, and nothing is a terminal; `columns` makes stdout one. */
export function quietTerminal(columns?: number): QuietTerminal {
  const written: string[] = [];
  const said: string[] = [];
  return {
    written,
    said,
    data: (text) => void written.push(text),
    say: (line) => void said.push(line),
    columns,
    interactive: false,
    style: (_, text) => text,
    ask: () => Promise.reject(new Error('There is no terminal.')),
    progress: () => ({ update: () => {}, end: () => {} }),
  };
}

/** The words of the last `countersign …` of a shell line, without what belongs to the shell. */
export function exampleWords(line: string): string[] {
  const command = line.split(/(?:^|[ (])countersign (?=[a-z])/).at(-1)!;
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
  const end = words.findIndex((word) => /^(?:\||>|2>)$/.test(word));
  return (end === -1 ? words : words.slice(0, end)).map((word) => word.replace(/\)$/, ''));
}
