import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { oneOf } from '../../../lib/json/one-of.ts';
import { errorFor, strictObject } from '../../../lib/json/strict-object.ts';

const text = (field: string) => v.string(errorFor(field, 'text'));
const messagesOf = (schema: v.GenericSchema, value: unknown): readonly (readonly [string, string])[] =>
  (v.safeParse(schema, value).issues ?? []).map((issue) => [v.getDotPath(issue) ?? '', issue.message]);

describe('a choice of objects', () => {
  const subject = oneOf('subject', 'exactly one of id and key', [
    strictObject('subject', { id: text('id'), note: v.optional(text('note')) }),
    strictObject('subject', { key: text('key') }),
  ]);
  const whole = 'subject must be an object of exactly one of id and key.';

  test.each<[string, unknown, string, string]>([
    ['the wrong field of the alternative that was meant', { id: 7 }, 'id', 'id must be text.'],
    [
      'a field of another alternative',
      { key: 'k', note: 'n' },
      'note',
      'subject has no field note: it takes key.',
    ],
    ['the whole if two alternatives are mixed', { id: 'i', key: 'k' }, '', whole],
    ['the whole if no alternative is begun', {}, '', whole],
    ['the whole if the value is no object', 'i', '', whole],
  ])('the error for a wrong value is about %s', (_name, value, path, message) => {
    expect(messagesOf(subject, value)).toEqual([[path, message]]);
  });
});

test('an alternative that is not an object is accepted, too', () => {
  const either = oneOf('a team', 'name', [v.string('no text'), strictObject('a team', { name: v.string() })]);
  expect(v.parse(either, 'ops')).toBe('ops');
  expect(v.parse(either, { name: 'ops' })).toEqual({ name: 'ops' });
  expect(v.safeParse(either, 7).success).toBe(false);
});
