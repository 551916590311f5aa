import { expect, test } from 'vitest';
import { noteText } from '../../../lib/json/file-note.ts';

test.each([
  ['mappings[3].groups', 'my.yaml:7: mappings[3].groups: Is missing.'],
  ['', 'my.yaml:7: Is missing.'],
])('noteText names file, line and field of a note at "%s"', (path, text) => {
  expect(noteText('my.yaml', { line: 7, path, message: 'Is missing.' })).toBe(text);
});
