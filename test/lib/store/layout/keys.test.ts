import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changeKey, firstIdAt, monthOf } from '../../../../lib/store/dynamodb/change-log/items.ts';
import { encodeRecord, keyOf } from '../../../../lib/store/layout/codecs.ts';
import {
  bindingIdOf,
  changeIndexKey,
  changeVersionRange,
  clusterIdOf,
  denialRefOf,
  mappingRefOf,
  setNameOf,
} from '../../../../lib/store/layout/keys.ts';
import type { ItemKey } from '../../../../lib/store/layout/keys.ts';
import type { RecordKind } from '../../../../lib/records/kinds.ts';

interface Vectors {
  items: { kind: RecordKind; ref: never; key: [string, string]; index: [string, string] }[];
  notKeys: ItemKey[];
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/table-keys.json', import.meta.url), 'utf8'),
) as Vectors;

const createdAt = '2026-11-22T00:00:00.000Z';
const bookkeeping = { version: 1, changeId: 'x', createdAt, createdBy: '', updatedAt: '', updatedBy: '' };

const readRef = (key: ItemKey): unknown => {
  const [id, name] = [clusterIdOf(key) ?? bindingIdOf(key), setNameOf(key)];
  if (id !== undefined) return { id };
  return name === undefined ? (mappingRefOf(key) ?? denialRefOf(key)) : { name };
};

describe('the key of a record', () => {
  test.each(vectors.items)(
    'is as in the vectors for $kind $ref',
    ({ kind, ref, key: [pk, sk], index: [gsi1pk, gsi1sk] }) => {
      expect(keyOf(kind, ref)).toEqual({ pk, sk });
      expect(encodeRecord(kind, ref, {} as never, bookkeeping)).toMatchObject({ pk, sk, gsi1pk, gsi1sk });
      expect(readRef({ pk, sk })).toEqual(ref);
    },
  );

  test.each(vectors.notKeys)('is never $pk $sk', (key) => {
    expect(readRef(key)).toBeUndefined();
  });
});

describe('the keys of the change log', () => {
  test('sort by version as numbers do, and a range of versions contains all of its changes', () => {
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const keys = [1, 2, 9, 10, 99, 100].map((version) => changeIndexKey('set/prod', version, id).gsi1sk);
    expect(keys.toSorted()).toEqual(keys);
    const [from, to] = changeVersionRange(2, 10);
    expect(keys.filter((key) => key >= from && key <= to)).toEqual(keys.slice(1, 4));
  });

  test('are derived from the id only', () => {
    const at = Date.parse('2026-11-30T23:59:59.999Z');
    const id = `${firstIdAt(at)}${'0'.repeat(16)}`;
    expect(changeKey(id)).toEqual({ pk: 'CHANGES#2026-11', sk: id });
    expect(monthOf(at + 1)).toBe('2026-12');
  });

  test.each(['', '01ARZ3NDEKTSV4RRFFQ69G5FA', '01arz3ndektsv4rrffq69g5fav', 'U'.repeat(26)])(
    'do not exist for the invalid id %j',
    (text) => {
      expect(changeKey(text)).toBeUndefined();
    },
  );
});
