import { describe, expect, test } from 'vitest';
import { createInput } from '../../cli/input.ts';

const input = createInput(
  { name: 'x', empty: '', yes: true, no: false, list: ['a', '', 'b'], port: '80', bad: '8o' },
  ['first', ''],
);

describe('createInput', () => {
  test('text returns the value of an option, undefined if it is empty or absent', () => {
    expect([input.text('name'), input.text('empty'), input.text('other')]).toEqual([
      'x',
      undefined,
      undefined,
    ]);
  });

  test('required names the missing option as it is written', () => {
    expect(input.required('name')).toBe('x');
    expect(() => input.required('clusterId')).toThrow('--cluster-id is required.');
  });

  test('flag is true only for a flag that is set', () => {
    expect([input.flag('yes'), input.flag('no'), input.flag('other'), input.flag('name')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('list leaves out empty values, and is undefined for an absent option', () => {
    expect([input.list('list'), input.list('other')]).toEqual([['a', 'b'], undefined]);
  });

  test.each(['bad', 'port'])('integer refuses a value of --%s that is not a number in the range', (name) => {
    expect(() => input.integer(name, { min: 0, max: 79 })).toThrow(
      `--${name} must be a whole number from 0 to 79.`,
    );
  });

  test('integer returns a number in the range, and undefined for an absent option', () => {
    expect(input.integer('port', { min: 0, max: 80 })).toBe(80);
    expect(input.integer('other', { min: 0, max: 80 })).toBeUndefined();
  });

  test('argument returns a positional argument, undefined if it is empty or absent', () => {
    expect([0, 1, 2].map((position) => input.argument(position))).toEqual(['first', undefined, undefined]);
  });
});

test.each([
  ['absent', []],
  ['empty', ['']],
])('a required argument that is %s is wrong usage', (_, positionals) => {
  expect(() => createInput({}, positionals).requiredArgument(0)).toThrow('Argument 1 must not be empty.');
});
