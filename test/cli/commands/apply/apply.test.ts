import { describe, expect, test } from 'vitest';
import { run as apply } from '../../../../cli/commands/apply/apply.ts';
import { answeringInTurn, commandContext } from '../../../fixtures/admin-answers.ts';

const plan = {
  fingerprint: 'one',
  creates: [{ target: 'set/a' }, { target: 'set/b' }, { target: 'set/c' }],
  updates: [],
  deletes: [],
  unchanged: 0,
  warnings: [],
};
const applyAll = (endpoint: string) => {
  const around = commandContext({ endpoint, file: 'package.json', yes: true });
  return { around, ended: apply(around) };
};

describe('countersign apply', () => {
  test('repeats the call with the returned fingerprint until nothing is pending', async () => {
    const { endpoint, seen } = await answeringInTurn([
      plan,
      { applied: ['set/a', 'set/b'], failed: [], pending: 1, fingerprint: 'two' },
      { applied: ['set/c'], failed: [], pending: 0, fingerprint: 'three' },
    ]);
    const { around, ended } = applyAll(endpoint);
    expect(await ended).toBe(0);
    expect(seen.map(({ body }) => (body as { fingerprint?: string }).fingerprint)).toEqual([
      undefined,
      'one',
      'two',
    ]);
    expect(around.terminal.said.at(-1)).toBe('Applied 3 of 3.');
  });

  test('reports each failed write and exits with an error', async () => {
    const failed = [{ target: 'set/b', code: 'write_conflict', detail: 'It has changed.' }];
    const { endpoint } = await answeringInTurn([
      plan,
      { applied: ['set/a'], failed, pending: 0, fingerprint: 'x' },
    ]);
    const { around, ended } = applyAll(endpoint);
    await expect(ended).rejects.toThrow(/1 of 3 changes failed/);
    expect(around.terminal.said).toContain('Failed: set/b: It has changed.');
  });

  test('stops if a call makes no progress', async () => {
    const { endpoint, seen } = await answeringInTurn([
      plan,
      { applied: [], failed: [], pending: 3, fingerprint: 'one' },
    ]);
    await expect(applyAll(endpoint).ended).rejects.toThrow(/stopped making progress/);
    expect(seen).toHaveLength(2);
  });
});
