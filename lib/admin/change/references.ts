/** The records that a record names must exist: its scope's cluster or set, its sets. */
import { exists, findMissingScopes } from '../../store/missing-scopes.ts';
import type { Cluster } from '../../records/cluster.ts';
import type { Scope } from '../../records/scope.ts';
import type { Store } from '../../store/ports.ts';
import { invalidInput } from '../problem.ts';
import type { InputError } from '../../json/parse-input.ts';
import { readOrThrow } from '../lists/store-results.ts';

/** @throws AdminProblem `invalid_input` if the scope's cluster or set does not exist */
export async function requireScopeExists({ store }: { readonly store: Store }, scope: Scope): Promise<void> {
  const missing = await readOrThrow(findMissingScopes(store, [scope]));
  if (missing.has(scope)) throw invalidInput([{ path: 'scope', message: missingScope(scope) }]);
}

export const missingScope = (scope: Scope): string =>
  `There is no ${scope.replace('/', ' ')}: make it first, or correct the scope.`;

export const missingSet = (name: string): string =>
  `There is no set ${name}: make it first, or correct the name.`;

/** @throws AdminProblem `invalid_input` for each set that does not exist */
export async function requireSetsExist(
  { store }: { readonly store: Store },
  { sets }: Cluster,
): Promise<void> {
  const states = await readOrThrow(
    store.readEach(
      'set',
      sets.map((name) => ({ name })),
    ),
  );
  const errors = states.flatMap((state, index): InputError[] =>
    exists(state) ? [] : [{ path: `sets[${index}]`, message: missingSet(state.ref.name) }],
  );
  if (errors.length > 0) throw invalidInput(errors);
}
