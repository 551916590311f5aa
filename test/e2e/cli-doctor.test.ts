/** A user finds out alone why access is denied: `doctor` against `countersign dev`, and its remedies, which help. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { rows, undoAll } from './doctor-faults.ts';
import type { Row } from './doctor-faults.ts';
import {
  dev,
  startDoctor,
  stopDoctor,
  mallory,
  admin,
  run,
  kubeconfigOf,
  pathWith,
  plugin,
  doctor,
} from './doctor-fixture.ts';

beforeAll(startDoctor);
afterAll(stopDoctor);
afterEach(undoAll);

describe('countersign doctor', () => {
  test('reports no failure if everything works', async () => {
    const { code, failed, all } = await doctor({
      env: { PATH: pathWith('countersign') },
      args: ['-r', admin, '--kubeconfig', kubeconfigOf(plugin('v1'))],
    });
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(all.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'credentials ok',
      'clock ok',
      'role ok',
      'identity ok',
      'verdict ok',
      'kubeconfig ok',
      'cache ok',
    ]);
  });

  test('prints a line for each check, with its remedy', async () => {
    const { code, stdout } = await run(['doctor', '-i', 'demo', '--kubeconfig', 'none'], mallory);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ok {2}credentials {2}/m);
    expect(stdout).toMatch(/^NO {2}verdict +principal_not_mapped: .*; to fix it: ask an admin/m);
  });
});

test('countersign doctor without the admin API cannot tell a wrong cluster id from a missing mapping, and names both', async () => {
  const { failed } = await doctor({
    env: { COUNTERSIGN_ENDPOINT: '', COUNTERSIGN_REVIEW_ENDPOINT: dev.url },
    args: ['-i', 'no-such-cluster'],
  });
  expect(failed).toMatchObject([
    {
      check: 'verdict',
      detail: expect.stringContaining('or there is no such cluster'),
      remedy: 'ask an admin for a mapping, and check the cluster id',
    },
  ]);
});

/** Windows keeps files private by their folder. */
const isForHere = ({ name }: Row): boolean =>
  process.platform !== 'win32' || !name.startsWith('a cache that others can ');

describe('a fault that countersign doctor finds', () => {
  test.each(rows.filter(isForHere).map((row) => [row.name, row] as const))(
    'is reported in one line whose remedy fixes it: %s',
    async (_, { broken, check, remedy, fix }) => {
      const before = await broken();
      const found = await doctor(before);
      expect(found.failed.map((finding) => finding.check)).toEqual([check]);
      expect(found.failed[0]?.remedy).toMatch(remedy);
      expect(found.code).toBe(3);
      const fixed = await doctor(await fix(found.failed[0]?.remedy ?? '', before));
      expect(fixed).toMatchObject({ code: 0, failed: [] });
    },
  );
});
