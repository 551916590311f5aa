/** The JSON schema of the desired state, as it is published: docs/desired-state.schema.json. */
import * as z from 'zod/mini';
import { bindingInput, clusterInput, denialInput, mappingInput, setInput } from '../../records/schemas.ts';
import { desiredStateSchema } from './desired-state.ts';

const named = z.registry<{ readonly id: string }>();
named.add(setInput, { id: 'Set' });
named.add(clusterInput, { id: 'Cluster' });
named.add(mappingInput, { id: 'Mapping' });
named.add(denialInput, { id: 'Denial' });
named.add(bindingInput, { id: 'GroupBinding' });

/** JSON Schema 2020-12. What no schema can say (references, duplicates, rules between fields) is told by `plan`. */
export function desiredStateJsonSchema(): object {
  const schema = z.toJSONSchema(desiredStateSchema, { io: 'input', metadata: named, unrepresentable: 'any' });
  return {
    ...schema,
    title: 'Countersign desired state',
    description:
      'What countersign plan and apply take, and countersign export prints. A list that is absent is not managed.',
  };
}
