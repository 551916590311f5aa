import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseInput } from '../../../lib/json/parse-input.ts';

const schema = v.object({ groups: v.array(v.string('must be a text')), name: v.string('Is required!') });

test('parseInput returns the parsed value of a valid input', () => {
  expect(parseInput(schema, { groups: ['a'], name: 'x' })).toEqual({
    ok: true,
    value: { groups: ['a'], name: 'x' },
  });
});

test('parseInput reports every problem at once, each with its path and a sentence', () => {
  expect(parseInput(schema, { groups: ['a', 1], name: 2 })).toEqual({
    ok: false,
    failure: [
      { path: 'groups[1]', message: 'must be a text.' },
      { path: 'name', message: 'Is required!' },
    ],
  });
});

test('parseInput reports a problem of the input as a whole with an empty path', () => {
  expect(parseInput(v.string('must be a text'), 1)).toEqual({
    ok: false,
    failure: [{ path: '', message: 'must be a text.' }],
  });
});
