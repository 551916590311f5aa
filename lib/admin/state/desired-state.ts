/** The desired state of a deployment, as people keep it in a repository: its schema, and what must hold in it. */
import * as v from 'valibot';
import { mappingKeyOf } from '../../records/principal.ts';
import { denialId, denialInput, denialRef } from '../../records/denial.ts';
import { mappingId, mappingInput } from '../../records/mapping.ts';
import { bindingInput } from '../../records/binding.ts';
import { clusterInput } from '../../records/cluster.ts';
import { setInput } from '../../records/set.ts';
import { scope } from '../../records/input/fields.ts';
import { boundedList } from '../../json/bounded-list.ts';
import { strictObject } from '../../json/strict-object.ts';
import { managedScopes, stateEntries } from '../limits.ts';
import { outsideManaged } from './managed.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { InputError } from '../../json/parse-input.ts';
import { pathText } from '../../json/value-path.ts';

const tokenRule = 'A webhook token is given as sha256: and 64 hex digits, never as its text.';
const tokenHash = v.pipe(v.string(tokenRule), v.regex(/^sha256:[0-9a-f]{64}$/, tokenRule));

/** A cluster of a desired state: its record, and which webhook tokens it has. */
export const desiredCluster = strictObject('a cluster', {
  ...clusterInput.entries,
  /** Tokens that must be live. Others stay: a rotation in progress is not interrupted. */
  webhookTokenHashes: v.optional(boundedList('webhookTokenHashes', tokenHash, 10)),
});

/** A list that is absent is not managed. With `managed.scopes`, what is outside of them stays: see `managed.ts`. */
export const desiredStateSchema = strictObject('a desired state', {
  managed: v.optional(strictObject('managed', { scopes: boundedList('scopes', scope, managedScopes) })),
  sets: v.optional(boundedList('sets', setInput, stateEntries)),
  clusters: v.optional(boundedList('clusters', desiredCluster, stateEntries)),
  mappings: v.optional(boundedList('mappings', mappingInput, stateEntries)),
  denials: v.optional(boundedList('denials', denialInput, stateEntries)),
  bindings: v.optional(boundedList('bindings', bindingInput, stateEntries)),
});

export type DesiredState = v.InferOutput<typeof desiredStateSchema>;
export type DesiredCluster = v.InferOutput<typeof desiredCluster>;

/** Lists whose entries have a name: what it is, by entry. */
const names: {
  readonly [L in 'sets' | 'clusters' | 'mappings' | 'denials' | 'bindings']: (
    entry: NonNullable<DesiredState[L]>[number],
  ) => string;
} = {
  sets: ({ name }) => name,
  clusters: ({ id }) => id,
  mappings: (mapping) => mappingIdOf(mapping),
  denials: (denial) => denialId(denialRef(denial)),
  bindings: ({ id }) => id,
};

export const mappingIdOf = ({ scope, principal }: Pick<Mapping, 'scope' | 'principal'>): string =>
  mappingId({ scope, principalKey: mappingKeyOf(principal), owner: 'manual' });

/** Entries that name the same thing, in any spelling. Grants add up, so neither may win in silence. */
function duplicates<T>(
  list: string,
  entries: readonly T[] | undefined,
  nameOf: (entry: T) => string,
): InputError[] {
  const first = new Map<string, number>();
  return (entries ?? []).flatMap((entry, index) => {
    const name = nameOf(entry);
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    return before === undefined
      ? []
      : [
          {
            path: pathText([list, index]),
            message: `This is about the same as ${list}[${before}]: merge the two.`,
          },
        ];
  });
}

/** What no schema of one entry can see. Whether scopes and sets exist is checked by the code that reads the table. */
export const stateErrors = (state: DesiredState): readonly InputError[] => [
  ...duplicates('sets', state.sets, names.sets),
  ...duplicates('clusters', state.clusters, names.clusters),
  ...duplicates('mappings', state.mappings, names.mappings),
  ...duplicates('denials', state.denials, names.denials),
  ...duplicates('bindings', state.bindings, names.bindings),
  ...outsideManaged(state),
];
