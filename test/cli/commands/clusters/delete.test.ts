import { describe, expect, test } from 'vitest';
import { run as deleteCluster } from '../../../../cli/commands/clusters/delete.ts';
import { answeringInTurn, commandContext } from '../../../fixtures/admin-answers.ts';

describe('countersign clusters delete --force', () => {
  test('repeats the call until all mappings of the cluster are deleted', async () => {
    const { endpoint, seen } = await answeringInTurn([
      { mappingsDeleted: 500, pending: true },
      { mappingsDeleted: 3, pending: true },
      {},
    ]);
    expect(await deleteCluster(commandContext({ endpoint, yes: true, force: true }, ['big']))).toBe(0);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array.from({ length: 3 }, () => 'DELETE /v1/clusters/big?force=true'),
    );
  });
});
