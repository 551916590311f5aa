import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { branchesCovered, pure } from './scripts/architecture.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/fixtures/global-setup.ts'],
    setupFiles: ['test/fixtures/setup.ts'],
    // Many tests wait for processes of their own: one worker more than the default keeps all cores busy.
    maxWorkers: availableParallelism(),
    // Files that share a worker share its modules: loading them anew for each file was a fifth of the time that all tests take.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The SDK says on Node.js 20 that newer versions of it will want 22: users are told so in the changelog, not in tests.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    restoreMocks: true,
    unstubEnvs: true,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts', 'functions/**/*.ts', 'cli/**/*.ts', 'dev/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      // The pure folders decide who gets in: every branch of them is exercised.
      thresholds: Object.fromEntries(pure.map((glob) => [glob, { branches: branchesCovered }])),
    },
  },
});
