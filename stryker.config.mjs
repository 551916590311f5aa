// @ts-check
/** `npm run test:mutation`: changes the pure files of scripts/architecture.mjs, one place at a time; a test must notice each. */
import { notMutated, pure } from './scripts/architecture.mjs';

export default {
  testRunner: 'vitest',
  tsconfigFile: 'no-tsconfig-to-rewrite.json',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  mutate: [...pure, ...notMutated.map(({ glob }) => `!${glob}`)],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'reports/mutation.json' },
  concurrency: 2,
  timeoutMS: 20_000,
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['dist', 'coverage', '.serverless', 'reports', 'infra'],
};
