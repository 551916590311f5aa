import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import type { KeyedItem } from '../../../../lib/store/layout/items.ts';
import { toKeyedItem } from '../../../../lib/store/layout/items.ts';
import {
  bindingKey,
  clusterKey,
  denialKey,
  mappingKey,
  runKey,
  setKey,
  webhookTokenKey,
} from '../../../../lib/store/layout/keys.ts';
import { nameOf } from '../../../../lib/store/layout/item-names.ts';
import { decodeItem, schemaOf } from '../../../../lib/store/layout/unreadable.ts';

const item: KeyedItem = {
  ...setKey('prod'),
  version: 1,
  changeId: 'x',
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  record: { name: 'prod' },
};
const { record: _record, ...bare } = item;
const decode = (known: number, read: KeyedItem) =>
  decodeItem(known, read, nameOf, ({ deleted }) => deleted ?? 'live');

describe('the schema version of an item', () => {
  test.each([
    [undefined, 1],
    [1, 1],
    [2, 2],
    [0, undefined],
    [1.5, undefined],
    ['2', undefined],
    [null, undefined],
  ])('the attribute %j means version %j', (schema, version) => {
    expect(schemaOf(schema === undefined ? {} : { schema })).toBe(version);
  });

  test.each([
    [1, 1, true],
    [1, 2, true],
    [2, 1, false],
    [2, 2, true],
    [3, 2, false],
  ])('an item of version %i for a reader of up to %i is readable: %s', (schema, known, readable) => {
    expect(decode(known, { ...item, schema }).ok).toBe(readable);
  });

  test('an item whose schema version is damaged is unreadable', () => {
    expect(decode(1, { ...item, schema: 'two' }).ok).toBe(false);
  });

  test('an item is unreadable if one of its attributes has no JavaScript value, whichever it is', () => {
    const wire = marshall(item);
    const damaged = toKeyedItem({ ...wire, unknown: { N: '1e120' } });
    expect(toKeyedItem(wire)).toEqual(item);
    expect(damaged).toEqual({ ...item, unknown: null });
    expect(decode(1, damaged ?? item).ok).toBe(false);
  });

  test.each([2, 'two'])('a tombstone of schema version %j is readable', (schema) => {
    expect(decode(1, { ...bare, deleted: true, schema })).toEqual({ ok: true, value: true });
  });
});

describe('the name of an unreadable item', () => {
  test.each([
    [clusterKey('demo'), 'cluster', 'demo'],
    [setKey('prod'), 'set', 'prod'],
    [bindingKey('platform'), 'binding', 'platform'],
    [webhookTokenKey('demo', 't-1'), 'webhook-token', 'demo/t-1'],
    [runKey('r-1'), 'sync-run', 'r-1'],
    [{ pk: 'CHANGES#2026-11', sk: 'c-1' }, 'change', 'c-1'],
    [mappingKey({ scope: 'all', principalKey: 'k', owner: 'manual' }), 'mapping', expect.any(String)],
    [denialKey({ principalKey: 'k' }), 'denial', expect.any(String)],
    [{ pk: 'x', sk: 'y' }, 'item', 'x y'],
  ])('the item %j is called %s %s', (key, kind, name) => {
    expect(nameOf(key)).toMatchObject({ kind, key: name });
  });

  test('a schema version that no number can hold does not count as version 1', () => {
    const wire = { pk: { S: 'SET#a' }, sk: { S: 'SET' }, schema: { N: '9007199254740993' } };
    expect(schemaOf(toKeyedItem(wire) ?? {})).toBeUndefined();
  });

  test('its failure never holds what the item holds', () => {
    const failure = decode(1, { ...item, record: undefined, secret: 'hush' });
    expect(JSON.stringify(failure)).not.toContain('hush');
  });

  test('an attribute without a JavaScript counterpart does not hide the key', () => {
    const wire = { pk: { S: 'SET#a' }, sk: { S: 'SET' }, version: { X: 'y' } };
    expect(toKeyedItem(wire)).toEqual({ pk: 'SET#a', sk: 'SET', version: null });
    expect(toKeyedItem({ sk: { S: 'SET' } })).toBeUndefined();
  });
});
