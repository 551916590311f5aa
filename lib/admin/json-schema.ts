/** How schemas are shown as JSON Schema, for the OpenAPI document and the desired state. */
import type { ConversionConfig } from '@valibot/to-json-schema';
import { isRecord, ownField } from '../json/record.ts';
import { fieldHelp } from '../records/field-help.ts';
import type { RecordKind } from '../records/kinds.ts';

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. What it cannot express (checks by code) is left out. */
export const jsonSchemaOptions: ConversionConfig = {
  target: 'draft-2020-12',
  ignoreActions: ['check', 'guard', 'raw_check', 'readonly', 'transform'],
  // JSON Schema's patterns always have the flag `u`.
  overrideAction: ({ jsonSchema, errors }) => (errors === undefined ? undefined : jsonSchema),
};

type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a record with its fields described; each alternative, if it has several. */
export function withFieldHelp(kind: RecordKind, schema: JsonSchema): JsonSchema {
  const { properties, anyOf } = schema;
  return {
    ...schema,
    ...(isRecord(properties) ? { properties: described(properties, fieldHelp[kind]) } : {}),
    ...(Array.isArray(anyOf)
      ? { anyOf: anyOf.map((one: unknown) => (isRecord(one) ? withFieldHelp(kind, one) : one)) }
      : {}),
  };
}

const described = (properties: JsonSchema, help: Readonly<Record<string, string>>): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties).map(([field, property]) => {
      const description = ownField(help, field);
      return [
        field,
        description !== undefined && isRecord(property) ? { description, ...property } : property,
      ];
    }),
  );
