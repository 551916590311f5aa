/** What `managed.scopes` of a desired state covers: mappings and bindings by their scope, clusters by their own. */
import type { InputError } from '../../json/parse-input.ts';
import { pathText } from '../../json/value-path.ts';
import { clusterScope } from '../../records/scope.ts';
import type { Scope } from '../../records/scope.ts';

interface Managed {
  readonly managed?: { readonly scopes: readonly Scope[] } | undefined;
}

interface Lists extends Managed {
  readonly sets?: readonly unknown[] | undefined;
  readonly denials?: readonly unknown[] | undefined;
  readonly clusters?: readonly { readonly id: string }[] | undefined;
  readonly mappings?: readonly { readonly scope: Scope }[] | undefined;
  readonly bindings?: readonly { readonly scope: Scope }[] | undefined;
}

/** Whether the state manages a scope. Without `managed.scopes` it manages all. */
export function managesOf({ managed }: Managed): (scope: Scope) => boolean {
  if (managed === undefined) return () => true;
  const scopes = new Set(managed.scopes);
  return (scope) => scopes.has(scope);
}

/** Entries of other scopes, and lists that no scope limits: applied, they would delete what other files hold. */
export function outsideManaged(state: Lists): readonly InputError[] {
  if (state.managed === undefined) return [];
  const manages = managesOf(state);
  const outside = (path: readonly (string | number)[], scope: Scope): readonly InputError[] =>
    manages(scope)
      ? []
      : [
          {
            path: pathText(path),
            message: `${scope} is not among managed.scopes: add it there, or move the entry.`,
          },
        ];
  const { sets, denials, clusters = [], mappings = [], bindings = [] } = state;
  return [
    ...Object.entries({ sets, denials }).flatMap(([list, entries]) =>
      entries === undefined ? [] : [{ path: list, message: wholeDeployment(list) }],
    ),
    ...clusters.flatMap(({ id }, index) => outside(['clusters', index, 'id'], clusterScope(id))),
    ...mappings.flatMap(({ scope }, index) => outside(['mappings', index, 'scope'], scope)),
    ...bindings.flatMap(({ scope }, index) => outside(['bindings', index, 'scope'], scope)),
  ];
}

const wholeDeployment = (list: string): string =>
  `${list} are of the whole deployment, and managed.scopes does not limit them: leave ${list} out, or keep them in a file without managed.`;
