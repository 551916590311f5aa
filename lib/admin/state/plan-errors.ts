/** What is wrong with a desired state beside the table: references to nothing, names that others have, too many webhook tokens. */
import type { InputError } from '../../json/parse-input.ts';
import { pathText } from '../../json/value-path.ts';
import { clusterScope } from '../../records/scope.ts';
import { scopeExists } from '../../store/missing-scopes.ts';
import { missingScope, missingSet } from '../change/references.ts';
import { webhookTokensPerCluster } from '../limits.ts';
import type { CurrentState } from './current-state.ts';
import type { DesiredState } from './desired-state.ts';
import { managesOf } from './managed.ts';
import { missingTokens } from './token-steps.ts';

export const planErrors = (current: CurrentState, desired: DesiredState): readonly InputError[] => [
  ...referenceErrors(current, desired),
  ...takenBindings(current, desired),
  ...tooManyTokens(current, desired),
];

/** The clusters and sets that entries refer to must exist once the plan is applied. */
function referenceErrors(current: CurrentState, desired: DesiredState): readonly InputError[] {
  const unreadable = (kind: string): string[] =>
    current.unreadable.flatMap((item) => (item.kind === kind ? [item.key] : []));
  const sets = new Set(
    (desired.sets ?? current.records.set).map(({ name }) => name).concat(unreadable('set')),
  );
  const clusters = new Set([...clustersAfter(current, desired), ...unreadable('cluster')]);
  const scoped = (list: 'mappings' | 'bindings'): InputError[] =>
    (desired[list] ?? []).flatMap(({ scope }, index) =>
      scopeExists(scope, { sets, clusters })
        ? []
        : [{ path: pathText([list, index, 'scope']), message: missingScope(scope) }],
    );
  const joined = (desired.clusters ?? []).flatMap((cluster, index) =>
    cluster.sets.flatMap((set, at) =>
      sets.has(set) ? [] : [{ path: pathText(['clusters', index, 'sets', at]), message: missingSet(set) }],
    ),
  );
  return [...joined, ...scoped('mappings'), ...scoped('bindings')];
}

/** Of a list that is managed, what is outside of the managed scopes stays. */
function clustersAfter({ records }: CurrentState, desired: DesiredState): readonly string[] {
  const existing = records.cluster.map(({ id }) => id);
  if (desired.clusters === undefined) return existing;
  const manages = managesOf(desired);
  return [...desired.clusters.map(({ id }) => id), ...existing.filter((id) => !manages(clusterScope(id)))];
}

/** Ids of bindings are of the whole deployment: one that another file's scope holds cannot be created a second time. */
function takenBindings({ records }: CurrentState, desired: DesiredState): readonly InputError[] {
  const manages = managesOf(desired);
  const elsewhere = new Map(
    records.binding.flatMap(({ id, scope }) => (manages(scope) ? [] : [[id, scope] as const])),
  );
  return (desired.bindings ?? []).flatMap(({ id }, index) => {
    const scope = elsewhere.get(id);
    return scope === undefined
      ? []
      : [
          {
            path: pathText(['bindings', index, 'id']),
            message: `There is a binding ${id} of ${scope}, which is not among managed.scopes: choose another id.`,
          },
        ];
  });
}

function tooManyTokens(current: CurrentState, desired: DesiredState): readonly InputError[] {
  const missing = new Map<string, number>();
  for (const { ref } of missingTokens(current, desired)) {
    missing.set(ref.clusterId, (missing.get(ref.clusterId) ?? 0) + 1);
  }
  return (desired.clusters ?? []).flatMap(({ id }, index) => {
    const live = current.webhookTokenHashes.get(id) ?? [];
    const count = live.length + (missing.get(id) ?? 0);
    return count <= webhookTokensPerCluster || !missing.has(id)
      ? []
      : [
          {
            path: pathText(['clusters', index, 'webhookTokenHashes']),
            message: `${id} would have ${count} webhook tokens, and may have ${webhookTokensPerCluster}: delete those that no apiserver uses.`,
          },
        ];
  });
}
