import * as v from 'valibot';
import { expect, test } from 'vitest';
import { wholeCheck } from '../../../../lib/records/input/cross-fields.ts';

const schema = (path: readonly (string | number)[]) =>
  v.pipe(
    v.object({ names: v.array(v.string()) }),
    wholeCheck(({ names }) => (names.length > 1 ? [{ path, message: 'One name only.' }] : [])),
  );
const issuesOf = (path: readonly (string | number)[], input: unknown) =>
  v.safeParse(schema(path), input).issues?.map((issue) => [v.getDotPath(issue), issue.message]);

test('a broken rule about a field is reported at the path of that field', () => {
  expect(issuesOf(['names', 1], { names: ['a', 'b'] })).toEqual([['names.1', 'One name only.']]);
});

test('a broken rule about the whole value is reported without a path', () => {
  expect(issuesOf([], { names: ['a', 'b'] })).toEqual([[null, 'One name only.']]);
});

test('a rule about the whole value does not run if a part of the value is invalid', () => {
  expect(issuesOf([], { names: ['a', 1] })).toEqual([['names.1', expect.stringContaining('string')]]);
  expect(issuesOf([], { names: ['a'] })).toBeUndefined();
});
