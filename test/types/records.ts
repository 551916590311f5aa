/** Compiled, never run: a field of a record that is added in one place and forgotten in another does not compile. */
import type { ClusterKind } from '../../lib/records/cluster.ts';
import * as v from 'valibot';
import { recordInput } from '../../lib/records/kind.ts';
import type { FieldsOf, KindDefinition } from '../../lib/records/kind.ts';
import type { InputField, ListOf, RecordKind } from '../../lib/records/kinds.ts';
import type { SetKind } from '../../lib/records/set.ts';
import { takes } from './takes.ts';

interface Team {
  readonly name: string;
  readonly description?: string | undefined;
}

/** The interface once a field has been added to it. */
interface TeamWithOwner extends Team {
  readonly owner: string;
}

const text = v.string();
const optionalText = v.optional(v.string());
const entries = { name: text, description: optionalText } satisfies FieldsOf<Team>;
const inputFields = ['name', 'description'] as const;
recordInput('a team', inputFields, entries);

// Added to the interface only.
// @ts-expect-error -- neither the stored schema nor the input schema has it
takes<FieldsOf<TeamWithOwner>>(entries);
// Added to a schema only, stored or input.
// @ts-expect-error -- the interface does not have it
takes<FieldsOf<Team>>({ name: text, description: optionalText, owner: text });
// An optional field that is forgotten is one that is lost.
// @ts-expect-error -- without the description
takes<FieldsOf<Team>>({ name: text });
// @ts-expect-error -- a field of another type
takes<FieldsOf<Team>>({ name: text, description: v.optional(v.number()) });
// @ts-expect-error -- a required field that the schema lets be absent
takes<FieldsOf<Team>>({ name: optionalText, description: optionalText });

// Added to the input schema, and not to the list of input fields that the command line takes its own from; and the reverse.
// @ts-expect-error -- the list lacks the description
recordInput('a team', ['name'], entries);
// @ts-expect-error -- the schema lacks the owner
recordInput('a team', ['name', 'description', 'owner'], entries);

// The registry has every kind, and a definition of another kind is none of this one.
takes<ListOf<'denial'>>('denials');
// @ts-expect-error -- the list of another kind
takes<ListOf<'denial'>>('mappings');
// @ts-expect-error -- a webhook token is no record of the change log
takes<RecordKind>('webhook-token');
declare const clusterDefinition: KindDefinition<ClusterKind>;
// @ts-expect-error -- of clusters
takes<KindDefinition<SetKind>>(clusterDefinition);

// A field without its line of help does not compile.
// @ts-expect-error -- description is missing
takes<Readonly<Record<InputField<'set'>, string>>>({ name: 'name of the set' });
