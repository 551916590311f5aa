/** SECURITY.md names a test for each threat: each of them must be there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const table = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .filter((line) => line.includes('`test/'));
const named = table.flatMap((line) => [...line.matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1]!));

describe('every threat has a test', () => {
  test('the table has a row for each threat, each with a test', () => {
    expect(table.length).toBeGreaterThanOrEqual(20);
  });

  test.each(named)('%s', (name) => {
    const [file = '', title] = name.split(' › ');
    expect(existsSync(file), `${file} is gone`).toBe(true);
    const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
    expect(source).toContain(title ?? '');
    expect(source).toMatch(/\b(?:test|it)\b/);
  });
});
