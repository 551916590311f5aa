const run = process.env['COUNTERSIGN_TEST'];

/** `npm run test:full` sets COUNTERSIGN_TEST=full: the same tests, with their long runs. */
export const isFull = run === 'full';

/** Mutation testing repeats the tests for each of some 2,000 mutants: what rules do not catch, a few random cases may. */
const mutationCases = 30;

/** How many cases a property runs: the first figure in `npm test`, the second in `npm run test:full`. */
export function cases(quick: number, full: number): number {
  if (isFull) return full;
  return run === 'mutation' ? Math.min(quick, mutationCases) : quick;
}
