import { expect, test } from 'vitest';
import { bulkLoad } from '../../lib/store/dynamodb/bulk-load.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AnyJson } from '../fixtures/admin-fixture.ts';
import { cluster, mapping, roleArn } from '../fixtures/records.ts';

const pins = ['AROAEXAMPLEEXAMPLE01', 'AROAEXAMPLEEXAMPLE02'];
const clusters = [cluster('one')];

test('explain of a pinned entry without the unique id reports that it is not known, not that the role was recreated', async () => {
  const fixture = await createAdminFixture();
  try {
    const { client, table } = fixture.table;
    const mappings = [mapping('R', { principalId: pins[0]!, scope: 'all' })];
    await bulkLoad({ clusters, mappings }, { client, table, actor: 'test', clock: Date.now });
    const explained = async (more: object): Promise<AnyJson> =>
      askOk(fixture, {
        method: 'POST',
        path: '/v1/explain',
        body: { clusterId: 'one', arn: roleArn('R'), ...more },
      });
    const detail = `${roleArn('R')} is mapped, but pinned to a unique id, and the caller's is not known: give principalId to learn whether it is the same.`;
    expect(await explained({})).toMatchObject({
      code: 'principal_recreated',
      detail,
      entries: [{ detail }],
    });
    expect((await explained({ principalId: pins[1] })).detail).toContain(
      `another unique id than ${pins[1]}: it was deleted`,
    );
    expect(await explained({ principalId: pins[0] })).toMatchObject({ outcome: 'verified' });
  } finally {
    await fixture.close();
  }
});
