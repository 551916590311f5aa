/**
 * Writes a denial. A user's is written as two: the user's unique id first, wherever the table knows it, so that no moment
 * exists in which only the ARN is denied, and a rename leads nowhere. Each is a record of its own.
 */
import { denialId, denialRef } from '../../records/denial.ts';
import type { Denial } from '../../records/denial.ts';
import type { RecordState } from '../../records/kinds.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { readOrThrow } from '../lists/store-results.ts';
import { AdminProblem } from '../problem.ts';
import { commit } from './commit.ts';
import type { Committed, WriteOptions } from './commit.ts';
import { OtherHalves } from './denied-halves.ts';
import { deniedUserArn, readWaysThatStayOpen, userIdsOf } from './denied-person.ts';
import { denialWarnings } from './denial-warnings.ts';
import type { Warning } from './warnings.ts';

export interface Denied {
  readonly committed: Committed<'denial'>;
  /** Ids of the denials of the user's unique ids: written now, or there already. */
  readonly alsoDenied: readonly string[];
  readonly warnings: readonly Warning[];
}

/** @throws AdminProblem if nothing was written, or if a part was: its sentence then names the denial that holds */
export async function deny(
  dependencies: AdminDependencies,
  denial: Denial,
  options: WriteOptions,
): Promise<Denied> {
  const { store } = dependencies;
  const current = await readOrThrow(store.read('denial', denialRef(denial)));
  const userArn = deniedUserArn(denial);
  const ids = userArn === undefined ? [] : await userIdsOf(store, userArn);
  const wanted = ids.map((principalId): Denial => ({ principalId, userArn, reason: denial.reason }));
  const states = await readOrThrow(store.readEach('denial', wanted.map(denialRef)));
  const missing = states.flatMap((state, index): Missing[] => {
    const after = wanted[index];
    // A denial that cannot be read denies all the same.
    const holds = state.state === 'live' || state.state === 'unreadable' || after === undefined;
    return holds ? [] : [{ state, after }];
  });
  const committed = await commitAll(dependencies, missing, { current, denial }, options);
  const alsoDenied = states.map(({ ref }) => denialId(ref));
  const isRehearsal = options.dryRun === true && ids.length > 0;
  return { committed, alsoDenied, warnings: await warningsOf(dependencies, denial, isRehearsal) };
}

/** A denial to write, and what the table holds under its key. */
interface Missing {
  readonly state: RecordState<'denial'>;
  readonly after: Denial;
}

async function commitAll(
  dependencies: AdminDependencies,
  missing: readonly Missing[],
  { current, denial }: { readonly current: RecordState<'denial'>; readonly denial: Denial },
  options: WriteOptions,
): Promise<Committed<'denial'>> {
  if (missing.length === 0 || options.dryRun === true) return commit(dependencies, current, denial, options);
  // What would refuse the denial itself must not leave half of it written.
  await commit(dependencies, current, denial, { ...options, dryRun: true });
  const written: string[] = [];
  try {
    for (const { state, after } of missing) {
      await commit(dependencies, state, after, { ...options, ifMatch: undefined });
      written.push(after.principalId ?? '');
    }
    return await commit(dependencies, current, denial, options);
  } catch (error) {
    if (written.length === 0 || !(error instanceof AdminProblem)) throw error;
    throw partly(error, written);
  }
}

const partly = (problem: AdminProblem, written: readonly string[]): AdminProblem => {
  const { code, message, errors = [], clusters = [], unreadable } = problem;
  return new AdminProblem(
    code,
    `The denial of ${written.join(', ')} is written and holds; the rest is not: send the request again. ${message}`,
    {
      ...(errors.length === 0 ? {} : { errors }),
      ...(clusters.length === 0 ? {} : { clusters }),
      unreadable,
      cause: problem,
    },
  );
};

/**
 * The denial holds, whether or not the table can still be read: a failure costs names in the sentences, nothing else.
 * @param willBeDenied a dry run has not written the other half, and would
 */
async function warningsOf(
  { store }: AdminDependencies,
  denial: Denial,
  willBeDenied: boolean,
): Promise<readonly Warning[]> {
  const [otherHalf, open] = await Promise.all([
    willBeDenied || new OtherHalves(store).isDenied(denial).catch(ifUnread(false)),
    readWaysThatStayOpen(store, denial).catch(ifUnread({})),
  ]);
  return denialWarnings(denial, { otherHalf, ...open });
}

const ifUnread =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof AdminProblem) return value;
    throw error;
  };
