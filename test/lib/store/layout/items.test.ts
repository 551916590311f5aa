import { describe, expect, test } from 'vitest';
import { toEnvelope, toKeyedItem, toPlain, toTombstone } from '../../../../lib/store/layout/items.ts';

const bookkeeping = {
  version: 3,
  changeId: 'c',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'a',
  updatedAt: '2026-01-02T00:00:00.500Z',
  updatedBy: 'b',
};
const key = { pk: 'p', sk: 's' };
const live = { ...key, ...bookkeeping, record: { id: 'x' } };

describe('an envelope', () => {
  test('of a live item and of a tombstone is read', () => {
    expect(toEnvelope(live)).toEqual(live);
    expect(toEnvelope(toTombstone(key, bookkeeping))).toMatchObject({ deleted: true, version: 3 });
  });

  test.each<[string, object]>([
    ['has neither a record nor a deletion mark', { record: undefined }],
    ['has both a record and a deletion mark', { deleted: true }],
    ['has deleted = false', { deleted: false }],
    ['has version 0', { version: 0 }],
    ['has a fractional version', { version: 1.5 }],
    ['has no change id', { changeId: undefined }],
    ['has a fence that is text', { fence: '1' }],
  ])('is unreadable if the item %s', (_condition, changed) => {
    expect(toEnvelope({ ...live, ...changed })).toBeUndefined();
  });
});

test('a tombstone holds neither record nor index keys, and expires 30 days later, rounded up to a second', () => {
  expect(toTombstone(key, bookkeeping)).toEqual({
    ...key,
    ...bookkeeping,
    deleted: true,
    ttl: Date.parse('2026-02-01T00:00:01Z') / 1000,
  });
});

describe('an item of DynamoDB', () => {
  test.each([null, 'x', [], { pk: 'p' }, { pk: null }])('that is %j is no wire item', (item) => {
    expect(toPlain(item)).toBeUndefined();
  });

  test('with a damaged attribute keeps its key, and the attribute is null instead of absent', () => {
    const item = { pk: { S: 'p' }, sk: { S: 's' }, deleted: { Q: 'x' }, version: { N: '2' } };
    expect(toKeyedItem(item)).toEqual({ ...key, deleted: null, version: 2 });
  });

  test.each([{ pk: { S: 'p' } }, { pk: { S: 'p' }, sk: { N: '1' } }, 'x'])(
    'without a key is no item: %j',
    (item) => {
      expect(toKeyedItem(item)).toBeUndefined();
    },
  );
});
