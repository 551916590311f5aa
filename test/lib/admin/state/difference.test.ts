import { expect, test } from 'vitest';
import { differenceOf } from '../../../../lib/admin/state/difference.ts';

const stored = (name: string, description: string, version = 1) => ({
  name,
  description,
  version,
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
});
const none: ReadonlySet<string> = new Set();

test('a difference holds creates, updates and deletes in the order of their targets', () => {
  const current = [stored('same', 'x'), stored('old', 'x', 3), stored('gone', 'x', 2)];
  const desired = [
    { name: 'new-b', description: 'x' },
    { name: 'same', description: 'x' },
    { name: 'old', description: 'y' },
    { name: 'new-a', description: 'x' },
  ];
  const { creates, updates, deletes, unchanged } = differenceOf('set', current, desired, none);
  expect(creates.map(({ target }) => target)).toEqual(['set/new-a', 'set/new-b']);
  expect(updates).toEqual([
    {
      kind: 'set',
      ref: { name: 'old' },
      target: 'set/old',
      before: { name: 'old', description: 'x' },
      after: { name: 'old', description: 'y' },
      version: 3,
    },
  ]);
  expect(deletes).toMatchObject([{ target: 'set/gone', version: 2 }]);
  expect(unchanged).toBe(1);
});

test('a kind that is not managed has no difference', () => {
  expect(differenceOf('set', [stored('a', 'x')], undefined, none)).toMatchObject({
    creates: [],
    deletes: [],
    unchanged: 0,
  });
});

test('nothing is planned for a desired record whose item cannot be read, and it counts among the targets', () => {
  const desired = [{ name: 'damaged' }, { name: 'new' }];
  expect(differenceOf('set', [], desired, new Set(['set/damaged']))).toMatchObject({
    targets: ['set/damaged', 'set/new'],
    creates: [{ target: 'set/new' }],
    unchanged: 0,
  });
});
