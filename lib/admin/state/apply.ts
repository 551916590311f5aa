/** Applies a plan: a bounded number of writes a call, each conditional on the planned version and logged like any other. */
import type { UnreadableItem } from '../../errors.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import { deleteOrder, writeOrder } from '../../records/kinds.ts';
import type { RecordKind } from '../../records/kinds.ts';
import { commit } from '../change/commit.ts';
import type { WriteOptions } from '../change/commit.ts';
import { readCurrentState } from './current-state.ts';
import type { CurrentState } from './current-state.ts';
import { requireDeletable } from '../change/deletable.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { withDeniedIds } from './denied-ids.ts';
import type { DesiredState } from './desired-state.ts';
import { parallelism, writesPerCall } from '../limits.ts';
import { createOrder, fingerprintOf, planState } from './plan.ts';
import type { Plan, RecordStep, Step } from './plan.ts';
import type { TokenStep } from './token-steps.ts';
import { AdminProblem, invalidInput } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { readOrThrow } from '../lists/store-results.ts';

export interface Failed {
  readonly target: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

export interface Applied {
  /** Targets that this call wrote. */
  readonly applied: readonly string[];
  readonly failed: readonly Failed[];
  /** The number of steps that are left for another call. */
  readonly pending: number;
  /** Of the remaining steps: the next call passes it on. The plan of an applied state is empty and has one too. */
  readonly fingerprint: string;
}

/** @throws AdminProblem `invalid_input` with every bad entry, before anything is written */
export async function planFor({ store }: AdminDependencies, desired: DesiredState): Promise<Plan> {
  const current = await readCurrentState(store, desired);
  return planOrThrow(current, await withDeniedIds(store, current, desired));
}

function planOrThrow(current: CurrentState, desired: DesiredState): Plan {
  const planned = planState(current, desired);
  if (!planned.ok) throw invalidInput(planned.failure);
  return planned.value;
}

/**
 * Creates, then updates, then deletes: a record is deleted only after its replacement exists. A failed step is reported
 * and does not stop the rest of its phase; if a create or an update failed, nothing is deleted.
 * @throws AdminProblem `plan_moved` if the plan has changed since
 */
export async function applyPlan(
  dependencies: AdminDependencies,
  desired: DesiredState,
  fingerprint: string,
  options: WriteOptions,
): Promise<Applied> {
  const current = await readCurrentState(dependencies.store, desired);
  const plan = planOrThrow(current, await withDeniedIds(dependencies.store, current, desired));
  if (plan.fingerprint !== fingerprint) {
    throw new AdminProblem(
      'plan_moved',
      'The table has changed since the plan was made: plan again, and look at it.',
    );
  }
  const run = new ApplyRun(
    dependencies,
    options,
    new Set(current.records.cluster.flatMap(({ adminGroups }) => adminGroups)),
  );
  // A mapping that is moved lets its user in again: not before a denial of that user is moved.
  const [denials, creates] = partition(
    plan.creates,
    ({ kind, staleKey }) => kind === 'denial' && staleKey === true,
  );
  await run.inOrder(denials, createOrder);
  await run.inOrder(creates, createOrder);
  await run.inOrder(plan.updates, writeOrder);
  if (run.failed.length === 0) await run.inOrder(plan.deletes, deleteOrder);
  return run.report(plan);
}

const toFailed = ({ kind, key, reason }: UnreadableItem): Failed => ({
  target: `${kind}/${key}`,
  code: 'store_unavailable',
  detail: `The ${kind} ${key} cannot be read: ${reason}.`,
});

/** The budget of one call and its outcomes. */
class ApplyRun {
  readonly failed: Failed[] = [];
  readonly #applied = new Set<Step>();
  readonly #dependencies: AdminDependencies;
  readonly #options: WriteOptions;
  readonly #adminGroups: ReadonlySet<string>;
  #budget = writesPerCall;

  constructor(dependencies: AdminDependencies, options: WriteOptions, adminGroups: ReadonlySet<string>) {
    this.#dependencies = dependencies;
    this.#options = options;
    this.#adminGroups = adminGroups;
  }

  /** Kind after kind, since records need those that they refer to; within a kind, concurrently. */
  async inOrder(steps: readonly Step[], kinds: readonly Step['kind'][]): Promise<void> {
    for (const kind of kinds) {
      const wanted = steps.filter((step) => step.kind === kind);
      const taken = wanted.slice(0, this.#budget);
      this.#budget -= taken.length;
      const [careful, quick] = partition(taken, (step) => mayNarrow(step, this.#adminGroups));
      await mapConcurrently(quick, parallelism, async (step) => this.#one(step));
      // Of two concurrent writes each could find that the other's admin still exists.
      for (const step of careful) await this.#one(step);
      // The next kind may need the steps that are left.
      if (taken.length < wanted.length) this.#budget = 0;
    }
  }

  report({ creates, updates, deletes, unreadable }: Plan): Applied {
    const isLeft = (step: Step): boolean => !this.#applied.has(step);
    const rest = {
      creates: creates.filter(isLeft),
      updates: updates.filter(isLeft),
      deletes: deletes.filter(isLeft),
    };
    const left = rest.creates.length + rest.updates.length + rest.deletes.length;
    return {
      applied: [...this.#applied].map(({ target }) => target),
      failed: [...unreadable.map(toFailed), ...this.failed],
      pending: left - this.failed.length,
      fingerprint: fingerprintOf(rest),
    };
  }

  async #one(step: Step): Promise<void> {
    const { target } = step;
    try {
      if (step.kind === 'webhook-token') await applyToken(this.#dependencies, step, this.#options);
      else await applyRecord<RecordKind>(this.#dependencies, step, this.#options);
      this.#applied.add(step);
    } catch (error) {
      if (!(error instanceof AdminProblem) || isOutage(error)) throw error;
      this.failed.push({ target, code: error.code, detail: error.message });
    }
  }
}

/** The table cannot be used, as opposed to one item of it. */
const isOutage = ({ code, unreadable }: AdminProblem): boolean =>
  code === 'store_unavailable' && unreadable === undefined;

/** Whether a step could remove the last admin of a cluster: `commit` checks more closely. */
function mayNarrow({ kind, before }: Step, adminGroups: ReadonlySet<string>): boolean {
  if (kind === 'denial') return true;
  if (before === undefined) return false;
  return kind === 'cluster' || ('groups' in before && before.groups.some((group) => adminGroups.has(group)));
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

async function applyToken(
  { store }: AdminDependencies,
  { ref }: TokenStep,
  { caller }: WriteOptions,
): Promise<void> {
  const outcome = await readOrThrow(
    store.createWebhookToken(ref.clusterId, ref.hash, { actor: caller.actor }),
  );
  if (!outcome.applied) throw new AdminProblem('not_found', `There is no cluster ${ref.clusterId}.`);
}

async function applyRecord<K extends RecordKind>(
  dependencies: AdminDependencies,
  step: RecordStep<K>,
  options: WriteOptions,
): Promise<void> {
  const current = await readOrThrow(dependencies.store.read(step.kind, step.ref));
  if ((current.state === 'live' ? current.version : undefined) !== step.version) {
    throw new AdminProblem('write_conflict', 'It has changed since the plan was made.');
  }
  if (step.after === undefined) await requireDeletable[step.kind](dependencies, step.ref);
  await commit(dependencies, current, step.after, { ...options, ifMatch: step.version, leaveFormer: true });
}
