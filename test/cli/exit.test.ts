import { expect, test } from 'vitest';
import { exitCodeOf, failure, messageOf, wrongUsage } from '../../cli/exit.ts';

test.each([
  ['verified', 0],
  ['unavailable', 1],
  ['denied', 3],
  [undefined, 3],
])('the exit code of the outcome %s is %i', (outcome, code) => {
  expect(exitCodeOf(outcome)).toBe(code);
});

test('a failure exits with 1 and wrong usage with 2', () => {
  expect([failure('x').exitCode, wrongUsage('x').exitCode]).toEqual([1, 2]);
});

test.each<[unknown, string]>([
  [new Error('one\n  two'), 'one two'],
  [new TypeError(''), 'TypeError'],
  ['text', 'text'],
])('the message of %j is one line', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
