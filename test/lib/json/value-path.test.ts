import { expect, test } from 'vitest';
import { pathText } from '../../../lib/json/value-path.ts';

test.each([
  [[], ''],
  [['mappings'], 'mappings'],
  [['mappings', 3, 'groups', 0], 'mappings[3].groups[0]'],
  [[2, 'name'], '[2].name'],
])('pathText writes the path %j as "%s"', (path, expected) => {
  expect(pathText(path)).toBe(expected);
});
