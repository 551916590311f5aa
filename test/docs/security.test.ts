/** SECURITY.md names a test for each threat: each of them must be there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const table = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .filter((line) => line.includes('`test/'));
const named = table.flatMap((line) => [...line.matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1]!));

describe('the threats of SECURITY.md', () => {
  test('at least 20 threats name a test', () => {
    expect(table.length).toBeGreaterThanOrEqual(20);
  });

  test.each(named)('the test that a threat names exists: %s', (name) => {
    const [file = '', title] = name.split(' › ');
    expect(existsSync(file), `${file} does not exist`).toBe(true);
    const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
    expect(source).toContain(title ?? '');
    expect(source).toMatch(/\b(?:test|it)\b/);
  });
});
