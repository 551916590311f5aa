import { expect, test } from 'vitest';
import { readState } from '../../../../cli/commands/export/read-state.ts';
import type { AdminClient } from '../../../../cli/admin-client/client.ts';
import type { JsonObject } from '../../../../cli/json.ts';
import { denialId, denialRef } from '../../../../lib/records/denial.ts';
import { mappingId, mappingRef } from '../../../../lib/records/mapping.ts';

const user = (name: string) => ({ arn: `arn:aws:iam::111122223333:user/${name}` });
const denial = (name: string) => ({ principal: user(name), reason: 'left' });
const mapping = (name: string) =>
  ({ scope: 'all', principal: user(name), owner: 'manual', username: 'u', groups: [] }) as const;

const clientWith = (lists: Record<string, readonly JsonObject[]>): AdminClient =>
  ({ list: async (route: string) => ({ items: lists[route] ?? [], unreadable: [] }) }) as never;

test('an export holds an entry once whose old item is still under a key of an earlier version', async () => {
  const { state, doubles } = await readState(
    clientWith({
      '/v1/denials': [
        { ...denial('x/dave'), id: 'old', staleKey: true },
        { ...denial('dave'), id: denialId(denialRef(denial('dave'))) },
      ],
      '/v1/mappings': [
        { ...mapping('carol'), id: mappingId(mappingRef(mapping('carol'))) },
        { ...mapping('x/carol'), id: 'old', staleKey: true },
      ],
    }),
    () => {},
  );
  expect(state).toMatchObject({ denials: [denial('dave')], mappings: [{ principal: user('carol') }] });
  expect(doubles.map(({ id }) => id)).toEqual(['old', 'old']);
});

test('an export holds an entry under a key of an earlier version, and one only of two about the same user', async () => {
  const { state, doubles } = await readState(
    clientWith({
      '/v1/denials': [
        { ...denial('x/dave'), id: 'first', staleKey: true },
        { ...denial('y/dave'), id: 'second', staleKey: true },
      ],
    }),
    () => {},
  );
  expect(state).toMatchObject({ denials: [denial('x/dave')] });
  expect(doubles.map(({ id }) => id)).toEqual(['second']);
});

test('of mappings of one user today that give different things an export chooses none', async () => {
  const rivalsOf = async (...mappings: JsonObject[]) =>
    (await readState(clientWith({ '/v1/mappings': mappings }), () => {})).rivals.map((pair) =>
      pair.map(({ id }) => id),
    );
  const masters = { ...mapping('other/carol'), groups: ['system:masters'], id: 'first', staleKey: true };
  const own = { ...mapping('platform/carol'), groups: ['team'], id: 'second', staleKey: true };
  expect(await rivalsOf(masters, own)).toEqual([['first', 'second']]);
  expect(await rivalsOf(masters, { ...own, groups: masters.groups })).toEqual([]);
  expect(await rivalsOf(masters, { ...own, scope: 'set/prod' })).toEqual([]);
  const today = { ...mapping('carol'), id: mappingId(mappingRef(mapping('carol'))) };
  expect(await rivalsOf(today, masters)).toEqual([]);
});
