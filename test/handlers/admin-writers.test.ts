import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pick, seeded } from '../reference/random.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { roleArn } from '../fixtures/records.ts';
import { cases } from '../fixtures/scale.ts';

/**
 * Many admins write the same few entries at once: one wins, the others are told, and the log holds all of it.
 * (test/lib/store/dynamodb/records-concurrent-writers.test.ts asks the same of the store alone, on DynamoDB Local too.)
 */
const writers = 50;
const entries = 20;
const milliseconds = cases(2500, 15_000);

describe('50 writers on 20 entries', () => {
  let fixture: AdminFixture;
  beforeAll(async () => {
    fixture = await createAdminFixture();
    await askOk(fixture, { method: 'PUT', path: '/v1/clusters/own', body: {} });
  });
  afterAll(async () => {
    await fixture.close();
  });

  const body = (entry: number, username: string): AnyJson => ({
    scope: 'cluster/own',
    principal: { arn: roleArn(`R${entry}`) },
    username,
    groups: ['developers'],
  });

  /** Reads, decides, and writes on condition; counts what it was told. */
  async function write(
    writer: number,
    until: number,
    told: Map<string, number>,
    ids: Map<number, string>,
  ): Promise<void> {
    const random = seeded(writer);
    for (let round = 0; Date.now() < until; round += 1) {
      const entry = Math.floor(random() * entries);
      const path = `/v1/mappings/${ids.get(entry)}`;
      const username = `w${writer}-${round}`;
      const current = ids.has(entry) ? await fixture.ask({ method: 'GET', path }) : { status: 404, body: {} };
      const headers = { 'If-Match': `"${current.body.version}"` };
      const action =
        current.status === 404 ? 'create' : pick(random, ['update', 'update', 'blind', 'delete'] as const);
      const answer = await fixture.ask(
        {
          create: { method: 'POST', path: '/v1/mappings', body: body(entry, username) },
          update: { method: 'PUT', path, body: body(entry, username), headers },
          blind: { method: 'PUT', path, body: body(entry, username) },
          delete: { method: 'DELETE', path, headers },
        }[action],
      );
      if (answer.body?.id !== undefined) ids.set(entry, answer.body.id);
      const outcome = answer.status < 300 ? 'applied' : answer.body.code;
      told.set(outcome, (told.get(outcome) ?? 0) + 1);
    }
  }

  async function everyChange(): Promise<AnyJson[]> {
    const changes: AnyJson[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: '200', ...(cursor === undefined ? {} : { cursor }) };
      const page = await askOk(fixture, { method: 'GET', path: '/v1/changes', query });
      changes.push(...page.items);
      ({ cursor } = page);
    } while (cursor !== undefined);
    return changes;
  }

  test('every applied change has its record, and the records replayed are the table', async () => {
    const told = new Map<string, number>();
    const ids = new Map<number, string>();
    const until = Date.now() + milliseconds;
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, until, told, ids)));

    expect(
      [...told.keys()].filter(
        (outcome) =>
          !['applied', 'write_conflict', 'version_mismatch', 'already_exists', 'not_found'].includes(outcome),
      ),
    ).toEqual([]);
    const changes = (await everyChange()).filter(({ target }) => target.startsWith('mapping/'));
    const applied = changes.filter(({ fate }) => fate === 'applied');
    expect(applied).toHaveLength(told.get('applied') ?? 0);

    const replayed = new Map<string, AnyJson>();
    for (const change of applied.toSorted((a, b) => a.version - b.version)) {
      const before = replayed.get(change.target);
      // No version twice or left out, each on top of the one before it: no lost update, no revived entry.
      expect(change.version, change.id).toBe((before?.version ?? 0) + 1);
      expect(change.previous, change.id).toBe(before?.changeId);
      expect(change.before, change.id).toEqual(before?.record);
      replayed.set(change.target, { version: change.version, changeId: change.id, record: change.after });
    }
    for (const [target, { version, record }] of replayed) {
      const answer = await fixture.ask({
        method: 'GET',
        path: `/v1/mappings/${target.slice('mapping/'.length)}`,
      });
      const expected = record === undefined ? { code: 'not_found' } : { version, ...record };
      expect(answer.body, target).toMatchObject(expected);
    }
    expect(told.get('applied')).toBeGreaterThan(5);
  });
});
