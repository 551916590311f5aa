import { expect, test } from 'vitest';
import { pathOfText, pathText } from '../../../lib/json/value-path.ts';

test.each([
  [[], ''],
  [['mappings'], 'mappings'],
  [['mappings', 3, 'groups', 0], 'mappings[3].groups[0]'],
  [[2, 'name'], '[2].name'],
])('pathText writes the path %j as "%s", and pathOfText reads it back', (path, expected) => {
  expect(pathText(path)).toBe(expected);
  expect(pathOfText(expected)).toEqual(path);
});
