/** How schemas are shown as JSON Schema, for the OpenAPI document and the desired state. */
import type { ConversionConfig } from '@valibot/to-json-schema';

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. What it cannot express (checks by code) is left out. */
export const jsonSchemaOptions: ConversionConfig = {
  target: 'draft-2020-12',
  ignoreActions: ['check', 'guard', 'raw_check', 'readonly', 'transform'],
  // JSON Schema's patterns always have the flag `u`.
  overrideAction: ({ jsonSchema, errors }) => (errors === undefined ? undefined : jsonSchema),
};
