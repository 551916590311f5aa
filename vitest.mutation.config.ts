/**
 * The tests that mutation testing runs: those of the pure folders, without processes and servers, and with short property runs.
 * The hostile corpus is in `token.test.ts` as one test for each rule.
 */
import { defineConfig } from 'vitest/config';
import { pure } from './scripts/architecture.mjs';

export default defineConfig({
  test: {
    include: [
      ...pure.map((glob) => `test/${glob.replace(/\.ts$/, '.test.ts')}`),
      'test/lib/load.test.ts',
      'test/fuzz/group-sync-usernames.test.ts',
    ],
    // These run the whole grammar again for each rule of it: too slow to be run for each mutant.
    exclude: ['test/lib/token/parse/{hostile-tokens,rule-removal}.test.ts'],
    env: { COUNTERSIGN_TEST: 'mutation' },
  },
});
