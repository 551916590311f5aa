/**
 * The tests that mutation testing runs: the rules of the pure parts, without processes and servers, and with short property runs. The
 * hostile corpus is in `parse.test.ts` as one test for each rule.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/token/parse.test.ts',
      'test/unit/identity/**/*.test.ts',
      'test/unit/mapping/**/*.test.ts',
      'test/unit/kubernetes/**/*.test.ts',
      'test/unit/load.test.ts',
      'test/unit/record.test.ts',
      'test/unit/groups/{plan,same}.test.ts',
      'test/fuzz/group-sync-usernames.test.ts',
    ],
    exclude: ['test/unit/mapping/instance-names-ec2.test.ts'],
    env: { COUNTERSIGN_TEST: 'mutation' },
  },
});
