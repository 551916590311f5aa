/**
 * The tests that mutation testing runs: the rules of the pure parts, without processes and servers, and with short property runs. The
 * hostile corpus is in `parse.test.ts` as one test for each rule.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/lib/token/parse/token.test.ts',
      'test/lib/{identity,records,resolve,kubernetes,json}/*.test.ts',
      'test/lib/load.test.ts',
      'test/lib/sync/grants/*.test.ts',
      'test/fuzz/group-sync-usernames.test.ts',
    ],
    env: { COUNTERSIGN_TEST: 'mutation' },
  },
});
