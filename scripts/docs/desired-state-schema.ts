/** The JSON schema of the desired state, as it is published: docs/desired-state.schema.json. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { bindingInput } from '../../lib/records/binding.ts';
import { denialInput } from '../../lib/records/denial.ts';
import { jsonSchemaOptions } from '../../lib/admin/json-schema.ts';
import { mappingInput } from '../../lib/records/mapping.ts';
import { setInput } from '../../lib/records/set.ts';
import { desiredStateSchema } from '../../lib/admin/state/desired-state.ts';

/** JSON Schema 2020-12. `plan` reports what no schema can say: references, duplicates, rules between fields. */
export function desiredStateJsonSchema(): object {
  const { $schema, ...schema } = toJsonSchema(desiredStateSchema, {
    ...jsonSchemaOptions,
    typeMode: 'input',
    definitions: {
      Set: setInput,
      Mapping: mappingInput,
      Denial: denialInput,
      GroupBinding: bindingInput,
    },
  });
  return {
    $schema,
    ...schema,
    title: 'Countersign desired state',
    description:
      'What countersign plan and apply accept, and countersign export prints. A list that is absent is not managed.',
  };
}
