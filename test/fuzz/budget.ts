/**
 * How long the fuzzers run: 100,000 cases in `npm test`, a million in `test:full`, or as many as `COUNTERSIGN_FUZZ` says. The seed is
 * kept, so that a run can be had again; `COUNTERSIGN_FUZZ_SEED` gives another.
 */
import { cases } from '../fixtures/scale.ts';

const total = Number(process.env['COUNTERSIGN_FUZZ'] ?? cases(100_000, 1_000_000));

export const seed = Number(process.env['COUNTERSIGN_FUZZ_SEED'] ?? 20_261_122);

/** @param share of the whole, 0 to 1 */
export const parameters = (share: number): { numRuns: number; seed: number } => ({
  numRuns: Math.ceil(total * share),
  seed,
});

/** Milliseconds: generous, a run is bounded by its cases. */
export const timeout = 60_000 + total;
