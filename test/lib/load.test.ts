/** Some things are built when their module is loaded: a test says so where that fails, instead of no test at all. */
import { expect, test } from 'vitest';

test('the schemas can be built', async () => {
  await expect(import('../../lib/records/mapping.ts')).resolves.toHaveProperty('mappingInput');
  await expect(import('../../lib/records/mapping.ts')).resolves.toHaveProperty('parseStoredMapping');
});

test('the hosts can be listed', async () => {
  const { stsHosts } = await import('../../lib/identity/partitions.ts');
  expect(stsHosts([])).toHaveProperty('size', 96);
});
