/** The tests that mutation testing runs: those of the pure parts, without processes and servers. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/token/**/*.test.ts',
      'test/unit/identity/**/*.test.ts',
      'test/unit/mapping/**/*.test.ts',
      'test/unit/kubernetes/**/*.test.ts',
    ],
    exclude: ['test/unit/token/real-clients.test.ts', 'test/unit/token/rule-removal.test.ts'],
    setupFiles: ['test/support/setup.ts'],
  },
});
