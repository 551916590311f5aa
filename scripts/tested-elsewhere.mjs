// @ts-check
/**
 * Sources with logic and without a test of their name, listed under the test that covers them. `node scripts/test-titles.mjs` reports
 * each line that has become untrue, and test/architecture/test-titles.test.ts fails then: write a test, and remove the line.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const testedElsewhere = {};
