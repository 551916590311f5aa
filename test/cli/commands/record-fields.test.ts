import { expect, test } from 'vitest';
import { statedFields, writableFields } from '../../../cli/commands/record-fields.ts';
import { kinds, writeOrder } from '../../../lib/records/kinds.ts';

const bookkeeping = { version: 3, createdAt: 'x', createdBy: 'x', updatedAt: 'x', updatedBy: 'x' };
const computed = { id: 'x', principalKey: 'x', owner: 'manual', contributions: {} };

test.each(writeOrder)('writableFields of a %s keeps unknown fields, and leaves out what get adds', (kind) => {
  const isNamed = kind === 'cluster' || kind === 'binding' || kind === 'set';
  const key = kind === 'set' ? 'name' : 'id';
  const input = Object.fromEntries(kinds[kind].inputFields.map((field) => [field, field]));
  const { id, ...rest } = computed;
  const shown = {
    ...bookkeeping,
    ...(kind === 'mapping' ? rest : {}),
    ...(kind === 'set' ? {} : { id }),
    warnings: [],
  };
  const { [key]: _, ...written } = input;
  expect(writableFields(kind, { ...input, ...shown, expiresat: 'typo' })).toEqual({
    ...(isNamed ? written : input),
    expiresat: 'typo',
  });
});

test('statedFields keeps the input fields of a stored record, the id of a cluster among them', () => {
  const stored = { id: 'demo', sets: ['prod'], disabled: undefined, ...bookkeeping };
  expect(statedFields('cluster', stored)).toEqual({ id: 'demo', sets: ['prod'] });
});
