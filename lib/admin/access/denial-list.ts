/** Denials as they are listed: each with the warnings of what it leaves open, computed from the table as it is now. */
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { StoredDenial } from '../../records/denial.ts';
import type { Store } from '../../store/ports.ts';
import { OtherHalves } from '../change/denied-halves.ts';
import { denialWarnings } from '../change/denial-warnings.ts';
import { sentences } from '../change/warnings.ts';
import { parallelism } from '../limits.ts';

type Listed = StoredDenial & { readonly warnings?: readonly string[] | undefined };

/** For each denied user and each unique id of one, a read by key; at most one bounded list for all of them. @throws AdminProblem */
export async function withDenialWarnings(
  store: Pick<Store, 'listByPrincipal' | 'listDenials' | 'readEach'>,
  denials: readonly StoredDenial[],
): Promise<readonly Listed[]> {
  const halves = new OtherHalves(store, denials);
  return mapConcurrently(denials, parallelism, async (denial) => {
    const warnings = sentences(denialWarnings(denial, { otherHalf: await halves.isDenied(denial) }));
    return warnings.length === 0 ? denial : { ...denial, warnings };
  });
}
