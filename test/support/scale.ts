/** `npm run test:full` sets COUNTERSIGN_TEST=full: the same tests, with their long runs. */
export const isFull = process.env['COUNTERSIGN_TEST'] === 'full';

/** How many cases a property runs: the first figure in `npm test`, the second in `npm run test:full`. */
export const cases = (quick: number, full: number): number => (isFull ? full : quick);
