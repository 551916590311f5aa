/** Decision records: numbered without gaps, each with a date and a status. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const files = readdirSync('docs/decisions')
  .filter((file) => file !== 'template.md')
  .toSorted();

test('decision records are numbered from 1 without gaps', () => {
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
});

describe('decision records', () => {
  test.each(files)('%s has a title, a date and a status in its first lines', (file) => {
    const [title = '', , status = ''] = readFileSync(`docs/decisions/${file}`, 'utf8').split('\n');
    expect(title).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. `));
    expect(status).toMatch(
      /^Date: \d{4}-\d\d-\d\d · Status: (?:proposed|accepted|superseded by \[decision \d+\]\()/,
    );
  });
});
