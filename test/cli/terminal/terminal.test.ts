/** Colours are for terminals, and NO_COLOR switches them off, on the oldest Node.js that is supported too. */
import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTerminal } from '../../../cli/terminal/terminal.ts';

const stream = (isTTY: boolean): NodeJS.WriteStream => {
  const through = new PassThrough();
  const getColorDepth = (): number => WriteStream.prototype.getColorDepth.call(through);
  return Object.assign(through, { isTTY, columns: 80, getColorDepth }) as unknown as NodeJS.WriteStream;
};

const terminalOf = (stdout: boolean, stderr: boolean) =>
  createTerminal({ stdin: process.stdin, stdout: stream(stdout), stderr: stream(stderr) });

// vitest itself may run with any of these.
beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('style', () => {
  test.each([
    ['stdout is a terminal', true, false, 'data', true],
    ['stdout is a pipe', false, true, 'data', false],
    ['stderr is a terminal', false, true, 'talk', true],
    ['stderr is a pipe', true, false, 'talk', false],
  ] as const)('if %s, its text is styled accordingly', (_, stdout, stderr, to, isStyled) => {
    const text = terminalOf(stdout, stderr).style('red', 'x', to);
    expect(text).toBe(isStyled ? '\u001b[31mx\u001b[39m' : 'x');
  });

  test.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('if %s is %s, text for a terminal is plain', (name, value) => {
    vi.stubEnv(name, value);
    expect(terminalOf(true, true).style('bold', 'x')).toBe('x');
  });
});

test('columns is undefined if stdout is not a terminal', () => {
  expect([terminalOf(true, true).columns, terminalOf(false, true).columns]).toEqual([80, undefined]);
});

test('a question fails if there is no terminal to answer at', async () => {
  await expect(terminalOf(true, false).ask('Really? ')).rejects.toThrow(
    'There is no terminal to answer at: Really?',
  );
});
