/**
 * What every adapter of the review path's read port returns, on every engine: complete and strongly consistent records.
 * The proxy between adapter and engine records the calls.
 */
import { describe, expect, test } from 'vitest';
import { cluster, denial, denialRefOf, mapping, mappingRef, tokenHash } from '../../../fixtures/records.ts';
import { must, mustApply, put, remove } from '../../../fixtures/store-writes.ts';
import { by, describeEveryReader, soon } from './reader-fixture.ts';

describeEveryReader((at) => {
  describe('a cluster', () => {
    test('that does not exist is undefined', async () => {
      expect(must(await at.reader.readCluster('nowhere', soon()))).toBeUndefined();
    });

    test('is read with its live webhook tokens by one strongly consistent Query', async () => {
      await put(
        at.store,
        'cluster',
        { id: 'blue' },
        cluster('blue', { sets: ['prod'], description: 'Blue' }),
      );
      const kept = must(await at.store.createWebhookToken('blue', tokenHash('a'), by));
      const gone = must(await at.store.createWebhookToken('blue', tokenHash('b'), by));
      if (!kept.applied || !gone.applied) throw new Error('no tokens');
      must(await at.store.deleteWebhookToken('blue', gone.token.id, by));

      const found = must(await at.reader.readCluster('blue', soon()));

      expect(found?.cluster).toMatchObject({
        ...cluster('blue'),
        sets: ['prod'],
        description: 'Blue',
        version: 1,
      });
      expect(found?.webhookTokens).toEqual([kept.token]);
      expect(at.proxy.calls.map(({ operation, input }) => [operation, input['ConsistentRead']])).toEqual([
        ['Query', true],
      ]);
    });

    test('is undefined after its deletion, and has none of its former tokens if it is recreated', async () => {
      await put(at.store, 'cluster', { id: 'green' }, cluster('green'));
      must(await at.store.createWebhookToken('green', tokenHash('c'), by));
      await remove(at.store, 'cluster', { id: 'green' });
      expect(must(await at.reader.readCluster('green', soon()))).toBeUndefined();

      await put(at.store, 'cluster', { id: 'green' }, cluster('green'));
      const found = must(await at.reader.readCluster('green', soon()));
      expect(found).toMatchObject({ cluster: { id: 'green', version: 3 }, webhookTokens: [] });
    });

    test('with many tokens is read to the last page', async () => {
      await put(at.store, 'cluster', { id: 'large' }, cluster('large'));
      const padding = 'x'.repeat(190_000);
      for (let index = 0; index < 5; index += 1) {
        must(await at.store.createWebhookToken('large', tokenHash(String(index)), { actor: padding }));
      }
      const found = must(await at.reader.readCluster('large', soon()));
      expect(found?.webhookTokens.map(({ hash }) => hash)).toEqual(['0', '1', '2', '3', '4'].map(tokenHash));
      expect(at.proxy.calls.length).toBeGreaterThan(1);
      expect(at.proxy.calls.every(({ input }) => input['ConsistentRead'] === true)).toBe(true);
    });
  });

  describe('a read of entries', () => {
    test('returns the requested entries that exist, by one strongly consistent BatchGetItem', async () => {
      const [wide, sync] = [mapping('bob', { scope: 'all' }), mapping('bob', { owner: 'group-sync' })];
      const other = mapping('bob', { scope: 'set/prod' });
      for (const each of [wide, sync, other]) await put(at.store, 'mapping', mappingRef(each), each);
      await put(at.store, 'denial', denialRefOf('bob', 'mallory'), denial('bob', 'mallory'));

      const entries = must(
        await at.reader.readEntries(
          {
            mappings: [wide, sync, mapping('nobody')].map(mappingRef),
            denials: [denialRefOf('bob'), denialRefOf('bob', 'mallory')],
          },
          soon(),
        ),
      );

      expect(new Set(entries.mappings.map(({ scope, owner }) => `${scope} ${owner}`))).toEqual(
        new Set(['all manual', 'cluster/demo group-sync']),
      );
      expect(entries.denials).toMatchObject([{ sessionName: 'mallory', reason: 'left the company' }]);
      expect(at.proxy.calls.map(({ operation }) => operation)).toEqual(['BatchGetItem']);
      const [request] = Object.values(
        at.proxy.calls[0]!.input['RequestItems'] as Record<
          string,
          { ConsistentRead: boolean; Keys: unknown[] }
        >,
      );
      expect(request).toMatchObject({ ConsistentRead: true });
      expect(request?.Keys).toHaveLength(5);
    });

    test('returns every field that was written', async () => {
      const full = mapping('carol', {
        owner: 'group-sync',
        groups: ['a', 'b'],
        expiresAt: '2030-01-01T00:00:00Z',
        principalId: 'AROAEXAMPLE',
        instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/node'],
        contributions: { devs: { username: 'x', groups: ['a', 'b'] } },
      });
      const { current } = await put(at.store, 'mapping', mappingRef(full), full);
      const entries = must(
        await at.reader.readEntries({ mappings: [mappingRef(full)], denials: [] }, soon()),
      );
      expect(current.state === 'live' && current.stored).toEqual(entries.mappings[0]);
      expect(entries.mappings[0]).toMatchObject({ ...full, ...mappingRef(full), version: 1 });
    });

    test('omits deleted entries', async () => {
      await put(at.store, 'mapping', mappingRef(mapping('dave')), mapping('dave'));
      await remove(at.store, 'mapping', mappingRef(mapping('dave')));
      const lookup = { mappings: [mappingRef(mapping('dave'))], denials: [] };
      expect(must(await at.reader.readEntries(lookup, soon()))).toEqual({ mappings: [], denials: [] });
    });

    test('sends a repeated key once, and nothing for an empty lookup', async () => {
      const ref = mappingRef(mapping('alice'));
      const twice = must(await at.reader.readEntries({ mappings: [ref, ref], denials: [] }, soon()));
      expect(twice.mappings).toHaveLength(1);
      at.proxy.reset();
      must(await at.reader.readEntries({ mappings: [], denials: [] }, soon()));
      expect(at.proxy.calls).toEqual([]);
    });

    test('sends one call for each hundred keys', async () => {
      const mappings = Array.from({ length: 150 }, (_, index) => mappingRef(mapping(`r${index}`)));
      must(
        await at.reader.readEntries(
          { mappings: [...mappings, mappingRef(mapping('alice'))], denials: [] },
          soon(),
        ),
      );
      expect(at.proxy.calls).toHaveLength(2);
    });
  });

  test('sees every earlier write', async () => {
    const ref = mappingRef(mapping('grace'));
    for (let round = 1; round <= 10; round += 1) {
      await put(at.store, 'mapping', ref, mapping('grace', { username: `grace-${round}` }));
      const entries = must(await at.reader.readEntries({ mappings: [ref], denials: [] }, soon()));
      expect(entries.mappings[0]?.username).toBe(`grace-${round}`);
    }
    mustApply(await at.store.remove(must(await at.store.read('mapping', ref)), by));
    expect(must(await at.reader.readEntries({ mappings: [ref], denials: [] }, soon())).mappings).toEqual([]);
  });
});
