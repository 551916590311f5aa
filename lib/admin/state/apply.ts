/** Applies a plan: so many writes a call, each conditional on what was planned, and each logged like any other. */
import type { UnreadableItem } from '../../errors.ts';
import { mapConcurrently } from '../../async/map-concurrently.ts';
import type { RecordKind } from '../../records/kinds.ts';
import { commit } from '../change/commit.ts';
import type { WriteOptions } from '../change/commit.ts';
import { readCurrentState } from './current-state.ts';
import type { CurrentState } from './current-state.ts';
import { requireDeletable } from '../change/deletable.ts';
import type { AdminDependencies } from '../dependencies.ts';
import type { DesiredState } from './desired-state.ts';
import { parallelism, writesPerCall } from '../limits.ts';
import { fingerprintOf, planState } from './plan.ts';
import type { Plan, RecordStep, Step, TokenStep } from './plan.ts';
import { AdminProblem, invalidInput } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { readOrThrow } from '../lists/store-results.ts';

export interface Failed {
  readonly target: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

export interface Applied {
  /** Targets written by this call. */
  readonly applied: readonly string[];
  readonly failed: readonly Failed[];
  /** How many steps are left for another call. */
  readonly pending: number;
  /** Of what is left: what the next call gives. The plan of an applied state is empty, and has one too. */
  readonly fingerprint: string;
}

/** @throws AdminProblem `invalid_input` with every bad entry, before anything is written */
export async function planFor({ store }: AdminDependencies, desired: DesiredState): Promise<Plan> {
  return planOrThrow(await readCurrentState(store, desired), desired);
}

function planOrThrow(current: CurrentState, desired: DesiredState): Plan {
  const planned = planState(current, desired);
  if (!planned.ok) throw invalidInput(planned.errors);
  return planned.plan;
}

/**
 * Creates, then updates, then deletes: nobody is let go before whoever replaces them is there. What fails is
 * reported and does not stop the rest of its phase; deletes wait for creates and updates that failed.
 * @throws AdminProblem `plan_moved` where the plan would be another one now
 */
export async function applyPlan(
  dependencies: AdminDependencies,
  desired: DesiredState,
  fingerprint: string,
  options: WriteOptions,
): Promise<Applied> {
  const current = await readCurrentState(dependencies.store, desired);
  const plan = planOrThrow(current, desired);
  if (plan.fingerprint !== fingerprint) {
    throw new AdminProblem(
      'plan_moved',
      'The table has changed since the plan was made: plan again, and look at it.',
    );
  }
  const run = new ApplyRun(
    dependencies,
    options,
    new Set(current.clusters.flatMap(({ adminGroups }) => adminGroups)),
  );
  await run.inOrder(plan.creates, ['set', 'cluster', 'webhook-token', 'mapping', 'denial', 'binding']);
  await run.inOrder(plan.updates, ['set', 'cluster', 'mapping', 'denial', 'binding']);
  if (run.failed.length === 0) {
    await run.inOrder(plan.deletes, ['binding', 'denial', 'mapping', 'cluster', 'set']);
  }
  return run.report(plan);
}

const toFailed = ({ kind, key, reason }: UnreadableItem): Failed => ({
  target: `${kind}/${key}`,
  code: 'store_unavailable',
  detail: `The ${kind} ${key} cannot be read: ${reason}.`,
});

/** One call's budget, and what came of it. */
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

  /** Kind after kind, since entries need what they name; within a kind, some at once. */
  async inOrder(steps: readonly Step[], kinds: readonly Step['kind'][]): Promise<void> {
    for (const kind of kinds) {
      const wanted = steps.filter((step) => step.kind === kind);
      const taken = wanted.slice(0, this.#budget);
      this.#budget -= taken.length;
      const [careful, quick] = partition(taken, (step) => mayNarrow(step, this.#adminGroups));
      await mapConcurrently(quick, parallelism, async (step) => this.#one(step));
      // Two at once could both find that the other's admin is still there.
      for (const step of careful) await this.#one(step);
      // What comes next may need what is left.
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
  await commit(dependencies, current, step.after, { ...options, ifMatch: step.version });
}
