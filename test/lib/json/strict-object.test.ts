import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { errorFor, knowsAll, lacksNone, strictObject } from '../../../lib/json/strict-object.ts';

const text = (field: string) => v.string(errorFor(field, 'text'));
const messagesOf = (schema: v.GenericSchema, value: unknown): readonly (readonly [string, string])[] =>
  (v.safeParse(schema, value).issues ?? []).map((issue) => [v.getDotPath(issue) ?? '', issue.message]);

describe('a strict object', () => {
  const team = strictObject('a team', { name: text('name'), note: v.optional(text('note')) });

  test('reports a missing field with the sentence of the field', () => {
    expect(messagesOf(team, {})).toEqual([['name', 'name is missing: give text.']]);
  });

  test('reports every unknown field, and the wrong fields beside them', () => {
    const message = 'a team has no field colour, size: it takes name, note.';
    expect(messagesOf(team, { name: 7, colour: 'red', size: 1 })).toEqual([
      ['name', 'name must be text.'],
      ['colour', message],
      ['size', message],
    ]);
  });

  test('of many unknown fields names ten in each message, shortened, and reports a hundred', () => {
    const value = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`${'x'.repeat(99)}${index}`, 1]),
    );
    const found = messagesOf(team, { name: 'ops', ...value });
    expect(found).toHaveLength(101);
    expect(found[0]?.[1]).toMatch(
      /^a team has no field (?:x{80}…, ){9}x{80}… and 140 more: it takes name, note\.$/,
    );
    expect(found[100]).toEqual(['', '50 more problems are not listed.']);
  });

  test.each([['constructor'], ['__proto__'], ['toString']])('refuses the field %s', (field) => {
    const value: unknown = JSON.parse(`{"name": "ops", ${JSON.stringify(field)}: 1}`);
    expect(messagesOf(team, value)).toHaveLength(1);
  });

  test.each([[[]], ['text'], [null], [7]])('is not %j', (value) => {
    expect(messagesOf(team, value)).toEqual([['', 'a team must be an object of name, note.']]);
  });

  test('leaves an optional field out that is not given', () => {
    expect(v.parse(team, { name: 'ops' })).toStrictEqual({ name: 'ops' });
  });
});

describe('the issues of an object', () => {
  const note = v.optional(v.string());
  const inner = strictObject('a place', { city: text('city') });
  const team = strictObject('a team', { name: text('name'), place: inner, note });
  const whole = { name: 'ops', place: { city: 'Ulm' } };

  test.each<[string, unknown, { known: boolean; complete: boolean }]>([
    ['a valid object', whole, { known: true, complete: true }],
    ['no object', 7, { known: false, complete: false }],
    ['a wrong field', { ...whole, name: 7 }, { known: true, complete: true }],
    ['a missing field', { place: whole.place }, { known: true, complete: false }],
    ['an unknown field', { ...whole, colour: 'red' }, { known: false, complete: true }],
    ['an unknown field without a value', { ...whole, colour: undefined }, { known: false, complete: true }],
    [
      'an unknown field of an inner object',
      { ...whole, place: { city: 'Ulm', street: 1 } },
      { known: true, complete: true },
    ],
    ['a missing field of an inner object', { ...whole, place: {} }, { known: true, complete: true }],
  ])('show if all fields are known and none is missing: %s', (_name, value, { known, complete }) => {
    const issues = v.safeParse(team, value).issues ?? [];
    expect({ known: knowsAll(issues), complete: lacksNone(issues) }).toEqual({ known, complete });
  });

  test.each([
    ['optional', v.optional(v.string())],
    ['exactly optional', v.exactOptional(v.string())],
    ['nullish', v.nullish(v.string())],
  ])('a field that is %s may be missing, and is not added', (_name, field) => {
    expect(v.parse(strictObject('a team', { field }), {})).toStrictEqual({});
  });

  test('an object without fields accepts none', () => {
    expect(messagesOf(strictObject('a stop', {}), { now: 1 })).toEqual([
      ['now', 'a stop has no field now: it takes none.'],
    ]);
  });
});
