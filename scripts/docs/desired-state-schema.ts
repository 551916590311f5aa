/** The JSON schema of the desired state, as it is published: docs/desired-state.schema.json. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { bindingInput } from '../../lib/records/binding.ts';
import { denialInput } from '../../lib/records/denial.ts';
import { isRecord } from '../../lib/json/record.ts';
import { jsonSchemaOptions, withFieldHelp } from '../../lib/admin/json-schema.ts';
import type { RecordKind } from '../../lib/records/kinds.ts';
import { mappingInput } from '../../lib/records/mapping.ts';
import { setInput } from '../../lib/records/set.ts';
import { desiredCluster, desiredStateSchema } from '../../lib/admin/state/desired-state.ts';

/** JSON Schema 2020-12. `plan` reports what no schema can say: references, duplicates, rules between fields. */
export function desiredStateJsonSchema(): object {
  const { $schema, $defs, ...schema } = toJsonSchema(desiredStateSchema, {
    ...jsonSchemaOptions,
    typeMode: 'input',
    definitions: {
      Set: setInput,
      Cluster: desiredCluster,
      Mapping: mappingInput,
      Denial: denialInput,
      GroupBinding: bindingInput,
    },
  });
  return {
    $schema,
    ...schema,
    $defs: describedDefinitions($defs ?? {}),
    title: 'Countersign desired state',
    description:
      'What countersign plan and apply accept, and countersign export prints. A list that is absent is not managed.',
  };
}

const kindOfDefinition: Readonly<Record<string, RecordKind>> = {
  Set: 'set',
  Cluster: 'cluster',
  Mapping: 'mapping',
  Denial: 'denial',
  GroupBinding: 'binding',
};

const describedDefinitions = (definitions: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const kind = kindOfDefinition[name];
      return [
        name,
        kind !== undefined && isRecord(definition) ? withFieldHelp(kind, definition) : definition,
      ];
    }),
  );
