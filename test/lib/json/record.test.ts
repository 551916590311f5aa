import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isRecord, ownField } from '../../../lib/json/record.ts';
import { recordOf } from '../../../lib/json/record-schema.ts';

describe('keys that users choose', () => {
  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])(
    '%s is there only if the record itself has it',
    (key) => {
      expect(ownField({}, key)).toBeUndefined();
      const record = JSON.parse(`{${JSON.stringify(key)}: "mine"}`) as Record<string, string>;
      expect(ownField(record, key)).toBe('mine');
    },
  );

  test.each(['constructor', 'prototype', '__proto__', ''])('%j stays in a record that is parsed', (key) => {
    const record = JSON.parse(`{${JSON.stringify(key)}: "mine"}`) as unknown;
    const parsed = v.safeParse(recordOf(v.string()), record);
    expect(parsed.success && Object.entries(parsed.output)).toEqual([[key, 'mine']]);
  });
});

test.each([[[]], [['a']], [null], [undefined], ['text'], [1]])('%j is no record', (value) => {
  expect(isRecord(value)).toBe(false);
  expect(v.is(recordOf(v.unknown()), value)).toBe(false);
});

test('a record of texts refuses a value that is no text', () => {
  expect(v.is(recordOf(v.string()), {})).toBe(true);
  expect(v.is(recordOf(v.string()), { a: 'text', b: 1 })).toBe(false);
});
