import { expect, test } from 'vitest';
import { createUnreadableItemLog } from '../../../lib/log/unreadable-item.ts';

test('an unreadable item is logged as one line with its kind, key and reason', () => {
  const lines: string[] = [];
  createUnreadableItemLog((line) => void lines.push(line))({
    kind: 'mapping',
    key: 'x',
    reason: 'it is damaged',
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'error',
    event: 'unreadable_item',
    kind: 'mapping',
    key: 'x',
    reason: 'it is damaged',
  });
});
