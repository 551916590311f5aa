/** Counts and sentences for the report of each binding, collected while the plan is computed. */
import type { BindingReport } from '../../records/sync-run.ts';
import { ownField } from '../../json/record.ts';
import { type Grant, type HeldGrant, isSameContribution } from './grant.ts';

export interface Tally {
  members: number;
  added: number;
  updated: number;
  removed: number;
  outcome: BindingReport['outcome'];
  /** Sentences. */
  readonly details: string[];
}

/** The record of a run is one item of at most 400 KB. */
const maxDetails = 5;

/** One tally for each binding of the run. Other bindings are neither counted nor reported. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  begin(id: string): Tally {
    const tally: Tally = { members: 0, added: 0, updated: 0, removed: 0, outcome: 'ok', details: [] };
    this.#tallies.set(id, tally);
    return tally;
  }

  /** Reports to each binding that contributes to a grant that not all of the grant is written. */
  refuse(grant: Grant, detail: string): void {
    for (const id of Object.keys(grant.contributions)) {
      const tally = this.#tallies.get(id);
      if (tally === undefined) continue;
      if (tally.outcome === 'ok') tally.outcome = 'refused';
      tally.details.push(detail);
    }
  }

  /** Counts the contributions that are added, updated and removed by the write from `held` to `grant`. */
  countChange(held: HeldGrant | undefined, grant: Grant | undefined): void {
    const isRewritten =
      held?.principalId !== grant?.principalId || held?.arn !== grant?.arn || held?.staleKey !== undefined;
    const before = held?.contributions ?? {};
    const after = grant?.contributions ?? {};
    for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const tally = this.#tallies.get(id);
      if (tally === undefined) continue;
      const [was, is] = [ownField(before, id), ownField(after, id)];
      if (was === undefined) tally.added += 1;
      else if (is === undefined) tally.removed += 1;
      else if (isRewritten || !isSameContribution(was, is)) tally.updated += 1;
    }
  }

  reports(): BindingReport[] {
    return [...this.#tallies].map(toReport);
  }
}

function toReport([id, { details, ...counts }]: [string, Tally]): BindingReport {
  if (details.length === 0) return { id, ...counts };
  const more = details.length > maxDetails ? [`And ${details.length - maxDetails} more like these.`] : [];
  return { id, ...counts, detail: [...details.slice(0, maxDetails), ...more].join(' ') };
}
