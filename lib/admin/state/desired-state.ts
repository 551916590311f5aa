/** The desired state of a deployment, as people keep it in a repository: its schema, and what must hold in it. */
import * as z from 'zod/mini';
import { principalKey } from '../../records/principal.ts';
import { denialId, denialRef } from '../../records/denial.ts';
import { mappingId } from '../../records/mapping.ts';
import { bindingInput, clusterInput, denialInput, mappingInput, setInput } from '../../records/schemas.ts';
import { fieldsAre, scope } from '../../records/fields.ts';
import type { Mapping } from '../../records/mapping.ts';
import type { InputError } from '../problem.ts';
import { pathText } from '../../json/value-path.ts';

const tokenHash = z.string().check(
  z.regex(/^sha256:[0-9a-f]{64}$/, {
    error: 'A webhook token is given as sha256: and 64 hex digits, never as its text.',
  }),
);

const clusterState = z.strictObject(
  {
    ...clusterInput.shape,
    /** Tokens that must be live. Others are left alone: a rotation in progress is not cut off. */
    webhookTokenHashes: z.optional(z.array(tokenHash).check(z.maxLength(10))),
  },
  { error: fieldsAre('a cluster', [...Object.keys(clusterInput.shape), 'webhookTokenHashes'].join(', ')) },
);

const stateShape = {
  managed: z.optional(z.strictObject({ scopes: z.array(scope) })),
  sets: z.optional(z.array(setInput)),
  clusters: z.optional(z.array(clusterState)),
  mappings: z.optional(z.array(mappingInput)),
  denials: z.optional(z.array(denialInput)),
  bindings: z.optional(z.array(bindingInput)),
};

/** A list that is absent is not managed. With `managed.scopes`, mappings outside of them are left alone. */
export const desiredStateSchema = z.strictObject(stateShape, {
  error: fieldsAre('a desired state', Object.keys(stateShape).join(', ')),
});

export type DesiredState = z.output<typeof desiredStateSchema>;
/** As written: defaults may be left out. */
export type DesiredStateInput = z.input<typeof desiredStateSchema>;
export type DesiredCluster = z.output<typeof clusterState>;

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

export const mappingIdOf = ({ scope: where, principal }: Pick<Mapping, 'scope' | 'principal'>): string =>
  mappingId({ scope: where, principalKey: principalKey(principal), owner: 'manual' });

/** Entries that name the same thing twice, in whatever spelling. Grants add up, so neither may win in silence. */
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

function outsideManaged({ managed, mappings = [] }: DesiredState): InputError[] {
  if (managed === undefined) return [];
  return mappings.flatMap((mapping, index) =>
    managed.scopes.includes(mapping.scope)
      ? []
      : [
          {
            path: pathText(['mappings', index, 'scope']),
            message: `${mapping.scope} is not among managed.scopes: add it there, or move the mapping.`,
          },
        ],
  );
}

/** What no schema of one entry can see. Whether scopes and sets exist is asked where the table is known. */
export const stateErrors = (state: DesiredState): readonly InputError[] => [
  ...duplicates('sets', state.sets, names.sets),
  ...duplicates('clusters', state.clusters, names.clusters),
  ...duplicates('mappings', state.mappings, names.mappings),
  ...duplicates('denials', state.denials, names.denials),
  ...duplicates('bindings', state.bindings, names.bindings),
  ...outsideManaged(state),
];
