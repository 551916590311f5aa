/** Rolls a change back by its id: only the latest change of its target. */
import type { RecordChange } from '../../store/change-record.ts';
import type { RecordKind, RecordOf } from '../../records/kinds.ts';
import { kinds } from '../../records/kinds.ts';
import { clusterInput } from '../../records/cluster.ts';
import { bindingInput } from '../../records/binding.ts';
import { denialInput } from '../../records/denial.ts';
import { mappingInput } from '../../records/mapping.ts';
import { setInput } from '../../records/set.ts';
import { commit } from './commit.ts';
import type { Committed, WriteOptions } from './commit.ts';
import { requireDeletable } from './deletable.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { parseInput } from '../../json/parse-input.ts';
import type { Parsed } from '../../json/parse-input.ts';
import { AdminProblem, invalidInput } from '../problem.ts';
import { requireScopeExists, requireSetsExist } from './references.ts';
import { readOrThrow } from '../lists/store-results.ts';

type Checks = {
  readonly [K in RecordKind]: (dependencies: AdminDependencies, record: RecordOf<K>) => Promise<void>;
};

/** A version that was valid may be invalid now: its set may be deleted, or a rule may have become stricter. */
const checks: Checks = {
  cluster: async (dependencies, cluster) => {
    requireOk(parseInput(clusterInput, cluster));
    await requireSetsExist(dependencies, cluster);
  },
  set: async (_dependencies, set) => requireOk(parseInput(setInput, set)),
  mapping: async (dependencies, { owner: _owner, contributions: _contributions, ...mapping }) => {
    requireOk(parseInput(mappingInput, mapping));
    await requireScopeExists(dependencies, mapping.scope);
  },
  denial: async (_dependencies, denial) => requireOk(parseInput(denialInput, denial)),
  binding: async (dependencies, binding) => {
    requireOk(parseInput(bindingInput, binding));
    await requireScopeExists(dependencies, binding.scope);
  },
};

function requireOk(parsed: Parsed<unknown>): void {
  if (!parsed.ok) throw invalidInput(parsed.failure);
}

/** @throws AdminProblem `not_found`, `target_changed`, `owned_by_group_sync`, and those of `commit` */
export async function rollBack(
  dependencies: AdminDependencies,
  id: string,
  options: WriteOptions,
): Promise<Committed<RecordKind>> {
  const change = await readOrThrow(dependencies.store.readChange(id));
  if (change === undefined) throw new AdminProblem('not_found', `There is no change ${id}.`);
  if (change.kind === 'webhook-token') {
    throw new AdminProblem('target_changed', 'The log does not hold webhook tokens: make another one.');
  }
  if (change.kind === 'mapping' && change.ref.owner === 'group-sync') {
    throw new AdminProblem('owned_by_group_sync', 'The next sync would undo it: change the group binding.');
  }
  return undo<RecordKind>(dependencies, change, options);
}

async function undo<K extends RecordKind>(
  dependencies: AdminDependencies,
  change: RecordChange<K>,
  options: WriteOptions,
): Promise<Committed<K>> {
  const { kind, ref, before, id, target } = change;
  const current = await readOrThrow(dependencies.store.read(kind, ref));
  if (current.state === 'absent' || current.changeId !== id) {
    throw new AdminProblem(
      'target_changed',
      `${target} has changed since: take that back first, or write what you want.`,
    );
  }
  if (before === undefined) await requireDeletable[kind](dependencies, ref);
  else await checks[kind](dependencies, before);
  const definition = kinds[kind];
  const today = before === undefined ? ref : definition.refOf(before);
  if (definition.refText(today) === definition.refText(ref)) {
    return commit(dependencies, current, before, { ...options, rollbackOf: id });
  }
  // The key is a former one, which no review reads: the record comes back under its key of today.
  const now = await readOrThrow(dependencies.store.read(kind, today));
  return commit(dependencies, now, before, { ...options, rollbackOf: id, mustBeNew: true });
}
