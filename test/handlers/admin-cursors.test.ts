/** Cursors go through the hands of clients: whatever comes back is a page or 400, and never an error of ours. */
import { array, assert, asyncProperty, constantFrom, integer, nat, oneof, string, tuple } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, Asked } from '../fixtures/admin-fixture.ts';
import { roleArn } from '../fixtures/records.ts';
import { cases } from '../fixtures/scale.ts';

type Query = Readonly<Record<string, string>>;
const lists: [name: string, path: string, query: Query | undefined][] = [
  ['clusters', '/v1/clusters', undefined],
  ['sets', '/v1/sets', undefined],
  ['mappings', '/v1/mappings', undefined],
  ['mappings of a scope', '/v1/mappings', { scope: 'all' }],
  ['mappings of a principal', '/v1/mappings', { principal: roleArn('A') }],
  ['denials', '/v1/denials', undefined],
  ['bindings', '/v1/group-bindings', undefined],
  ['runs of the sync', '/v1/group-sync/runs', undefined],
  ['changes', '/v1/changes', undefined],
  ['changes of a target', '/v1/changes', { target: 'cluster/a' }],
  ['access to a cluster', '/v1/access', { clusterId: 'a' }],
  ['access of a principal', '/v1/access', { principal: roleArn('A') }],
];

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (cursor: string): unknown => JSON.parse(Buffer.from(cursor, 'base64url').toString());

/** The value with each text in it replaced: by the texts of `by`, one after the other. Cursors within are opened. */
function mutate(value: unknown, by: (text: string, at?: number) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) => (typeof item === 'string' ? by(item, at) : mutate(item, by)));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mutate(inner, by)]));
  }
  if (typeof value !== 'string') return value;
  try {
    if (value.length > 20) return encode(mutate(decode(value), by));
  } catch {
    // It is no cursor.
  }
  return by(value);
}

/** The keys of a position are emptied; its partition, which comes first, stays. */
const withoutKeys = (text: string, at?: number): string => (at === 0 || at === undefined ? text : '');

describe('cursors of the admin API', () => {
  let fixture: AdminFixture;
  const cursors = new Map<string, string>();
  const get = (path: string, query: Readonly<Record<string, string>> = {}, cursor?: string): Asked => ({
    method: 'GET',
    path,
    query: { ...query, limit: '1', ...(cursor === undefined ? {} : { cursor }) },
  });

  beforeAll(async () => {
    fixture = await createAdminFixture();
    for (const name of ['a', 'b', 'c']) {
      await askOk(fixture, { method: 'PUT', path: `/v1/sets/${name}`, body: {} });
      await askOk(fixture, { method: 'PUT', path: `/v1/clusters/${name}`, body: { sets: ['a'] } });
      await askOk(fixture, {
        method: 'PUT',
        path: `/v1/clusters/${name}`,
        body: { description: name, sets: ['a'] },
      });
      const mapping = { principal: { arn: roleArn(name.toUpperCase()) }, username: name, groups: [name] };
      for (const scope of ['all', `cluster/${name}`, `set/${name}`]) {
        await askOk(fixture, { method: 'POST', path: '/v1/mappings', body: { ...mapping, scope } });
      }
      await askOk(fixture, {
        method: 'POST',
        path: '/v1/mappings',
        body: { ...mapping, scope: 'set/a' },
      }).catch(() => {});
      const accessKeyId = `AKIA00000000000000${name.toUpperCase()}A`;
      await askOk(fixture, { method: 'POST', path: '/v1/denials', body: { accessKeyId, reason: name } });
      const binding = { iamGroup: 'arn:aws:iam::111122223333:group/G', scope: 'all', groups: [name] };
      await askOk(fixture, { method: 'PUT', path: `/v1/group-bindings/${name}`, body: binding });
      await askOk(fixture, { method: 'POST', path: '/v1/group-sync/runs', body: {} });
    }
    for (const [name, path, query] of lists) {
      const { cursor } = await askOk(fixture, get(path, query));
      expect(cursor, name).toEqual(expect.any(String));
      cursors.set(name, cursor);
    }
  });
  afterAll(async () => {
    await fixture.close();
  });

  const refused = { status: 400, body: { code: 'invalid_input', errors: [{ path: 'cursor' }] } };

  test.each(lists)(
    'a cursor of %s leads to the next page, and with empty keys it is refused',
    async (name, path, query) => {
      const cursor = cursors.get(name)!;
      expect(await fixture.ask(get(path, query, cursor))).toMatchObject({ status: 200 });
      expect(await fixture.ask(get(path, query, encode(mutate(decode(cursor), withoutKeys))))).toMatchObject(
        refused,
      );
    },
  );

  test.each(lists)(
    'a cursor of %s is refused by every list of another shape or partition',
    async (name, path, query) => {
      for (const [other, cursor] of cursors) {
        if (other === name) continue;
        const { status } = await fixture.ask(get(path, query, cursor));
        expect([200, 400], other).toContain(status);
      }
      expect(await fixture.ask(get(path, query, encode(['CLUSTERS', 'a'])))).toMatchObject(refused);
    },
  );

  test.each(['9999-99', '2026-13', '2026-00', '0000-00', '1999-12', '2999-01', '2026-1', ''])(
    'a cursor of the month %j is refused by the list of changes',
    async (month) => {
      expect(await fixture.ask(get('/v1/changes', {}, encode({ month })))).toMatchObject(refused);
    },
  );

  test.each(lists)(
    'a cursor of %s is refused if it was cut off, or followed by more',
    async (name, path, query) => {
      const cursor = cursors.get(name)!;
      for (const changed of [
        cursor.slice(0, -1),
        cursor.slice(0, cursor.length / 2),
        `${cursor}A`,
        `${cursor}==`,
        ` ${cursor}`,
        `${cursor.slice(0, 4)}\n${cursor.slice(4)}`,
      ]) {
        expect(await fixture.ask(get(path, query, changed)), changed).toMatchObject(refused);
      }
    },
  );

  const texts: Arbitrary<string> = oneof(
    constantFrom(
      '',
      'CLUSTERS',
      'SETS',
      'SYNC',
      'RUN#',
      'LEASE',
      'TARGET#x',
      'x'.repeat(1100),
      'x'.repeat(2100),
      '\u0000',
      '\ud800',
      '__proto__',
    ),
    string(),
  );

  test('any change of a cursor leads to a page or to 400', async () => {
    const answers = new Map<number, number>();
    await assert(
      asyncProperty(
        constantFrom(...lists),
        array(tuple(nat(8), texts), { minLength: 1, maxLength: 3 }),
        oneof(
          { weight: 3, arbitrary: constantFrom('parts') },
          { weight: 1, arbitrary: constantFrom('bytes') },
        ),
        integer({ min: 0, max: 400 }),
        async ([name, path, query], changes, kind, position) => {
          const cursor = cursors.get(name)!;
          let at = 0;
          const changed =
            kind === 'parts'
              ? encode(
                  mutate(
                    decode(cursor),
                    (text) => changes.find(([part]) => part === (at += 1) - 1)?.[1] ?? text,
                  ),
                )
              : `${cursor.slice(0, position % cursor.length)}${changes[0]?.[1] ?? ''}${cursor.slice((position % cursor.length) + 1)}`;
          const { status } = await fixture.ask(get(path, query, changed));
          answers.set(status, (answers.get(status) ?? 0) + 1);
          return status === 200 || status === 400;
        },
      ),
      { numRuns: cases(150, 20_000) },
    );
    expect([...answers.keys()].toSorted((a, b) => a - b)).toEqual([200, 400]);
  });
});
