/** Requests of the admin client. */
import { describe, expect, test } from 'vitest';
import { createAdminClient } from '../../../cli/admin-client/client.ts';
import { adminContext, answering } from '../../fixtures/admin-server.ts';

describe('the admin client', () => {
  test('a list follows its cursor to the last page, and collects items and unreadable items', async () => {
    const seen: string[] = [];
    const endpoint = await answering((request, response) => {
      seen.push(request.url!);
      response.end(
        JSON.stringify({
          items: [{ n: seen.length }],
          ...(seen.length === 2 ? { unreadable: [{ kind: 'set', key: 'x', reason: 'it is damaged' }] } : {}),
          ...(seen.length < 3 ? { cursor: `c ${seen.length}+` } : {}),
        }),
      );
    });
    const { items, unreadable } = await createAdminClient(
      adminContext({ endpoint: `${endpoint}/stage/` }),
    ).list('/v1/mappings', {
      scope: 'cluster/a b',
    });
    expect(items).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(unreadable).toEqual([{ kind: 'set', key: 'x', reason: 'it is damaged' }]);
    expect(seen[1]).toBe('/stage/v1/mappings?scope=cluster%2Fa%20b&limit=200&cursor=c%201%2B');
  });

  test('a list stops at its limit', async () => {
    const endpoint = await answering((_, response) => {
      response.end(JSON.stringify({ items: [{}, {}], cursor: 'more' }));
    });
    const { items } = await createAdminClient(adminContext({ endpoint })).list('/v1/changes', {}, 4);
    expect(items).toHaveLength(4);
  });
});
