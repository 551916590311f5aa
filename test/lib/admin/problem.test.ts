import { expect, test } from 'vitest';
import { invalidInput } from '../../../lib/admin/problem.ts';

const errors = (length: number) =>
  Array.from({ length }, (_, index) => ({ path: `mappings[${index}]`, message: 'No.' }));

test('a problem of the input has the number of things that are wrong', () => {
  expect(invalidInput(errors(1)).message).toBe('One thing is wrong with the input.');
  expect(invalidInput(errors(100))).toMatchObject({
    message: '100 things are wrong with the input.',
    errors: errors(100),
  });
});

test('a problem of the input lists a hundred errors, and the detail has the number of the rest', () => {
  expect(invalidInput(errors(20_000))).toMatchObject({
    message: '20000 things are wrong with the input. The first 100 are listed, and 19900 more are not.',
    errors: errors(100),
  });
});

test('errors that were only counted are part of the number, and are not listed', () => {
  const counted = { path: '', message: '300 more problems are not listed.', more: 300 };
  expect(invalidInput([...errors(99), counted, ...errors(2), counted])).toMatchObject({
    message: '701 things are wrong with the input. The first 100 are listed, and 601 more are not.',
    errors: [...errors(99), ...errors(1)],
  });
});
