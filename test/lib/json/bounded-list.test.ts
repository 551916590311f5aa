import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { boundedList } from '../../../lib/json/bounded-list.ts';
import { parseInput } from '../../../lib/json/parse-input.ts';
import { strictObject } from '../../../lib/json/strict-object.ts';

/** A schema that counts how often it is asked. */
function counted(): { readonly item: v.GenericSchema<unknown, string>; readonly asked: () => number } {
  let count = 0;
  const item = v.pipe(
    v.unknown(),
    v.check(() => {
      count += 1;
      return true;
    }),
    v.string('a name must be text'),
  );
  return { item, asked: () => count };
}
const problems = (schema: v.GenericSchema, value: unknown) => {
  const parsed = parseInput(schema, value);
  return parsed.ok ? [] : parsed.failure;
};

describe('a bounded list', () => {
  test('is parsed item by item up to its bound', () => {
    const trimmed = boundedList('names', v.pipe(v.string(), v.trim()), 3);
    expect(parseInput(trimmed, [' a', 'b ', 'c'])).toEqual({ ok: true, value: ['a', 'b', 'c'] });
    expect(parseInput(trimmed, [])).toEqual({ ok: true, value: [] });
  });

  test('of too many items has one problem, and no item is judged', () => {
    const { item, asked } = counted();
    expect(
      problems(
        boundedList('names', item, 3),
        Array.from({ length: 1000 }, () => 7),
      ),
    ).toEqual([{ path: '', message: 'names must be a list of 3 at most, and has 1000 items.' }]);
    expect(asked()).toBe(0);
  });

  test.each([['text'], [{ length: 2 }], [null], [undefined]])('is not %j', (value) => {
    expect(problems(boundedList('names', v.string(), 3), value)).toHaveLength(1);
  });

  test('reports the path of each problem', () => {
    const teams = boundedList(
      'teams',
      strictObject('a team', { names: boundedList('names', v.string('no text'), 5) }),
      9,
    );
    expect(problems(teams, [{ names: ['a'] }, { names: ['a', 1, 'b', 2] }]).map(({ path }) => path)).toEqual([
      '[1].names[1]',
      '[1].names[3]',
    ]);
  });

  test('of exactly 100 problems reports each, and no number of others', () => {
    const names = boundedList('names', v.string('no text'), 500);
    expect(
      problems(
        names,
        Array.from({ length: 100 }, () => 7),
      ),
    ).toHaveLength(100);
  });

  test.each([
    [101, 1, '1 more problem is not listed.'],
    [500, 400, '400 more problems are not listed.'],
  ])('of %d problems reports 100 and the number of the others', (length, more, message) => {
    const names = boundedList('names', v.string('no text'), 500);
    const found = problems(
      names,
      Array.from({ length }, () => 7),
    );
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toEqual({ path: '', message, more });
  });

  test('within another one adds its uncounted problems to those of the other', () => {
    const names = boundedList('names', v.string('no text'), 500);
    const all = strictObject('the body', { teams: boundedList('teams', names, 500), others: names });
    const bad = (length: number) => Array.from({ length }, () => 7);
    const found = problems(all, { teams: [bad(150), bad(150), bad(20)], others: bad(130) });
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toMatchObject({ more: 350 });
  });
});
