/** JSON Schemas of objects that name all their fields, and a parser by such a schema. */
import { compileSchema } from '../../fixtures/json-schema.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** An object of these fields and no others; a field whose name ends in `?` is optional. */
export const closed = (fields: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(fields).filter((name) => !name.endsWith('?')),
  properties: Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name.replace('?', ''), schema]),
  ),
});

export const text: Schema = { type: 'string' };
export const name: Schema = { type: 'string', minLength: 1 };
export const boolean: Schema = { type: 'boolean' };
export const integer: Schema = { type: 'integer' };
export const absolutePath: Schema = { type: 'string', pattern: '^/' };
export const matching = (pattern: string): Schema => ({ type: 'string', pattern });
export const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
export const list = (items: Schema, minItems = 0): Schema => ({ type: 'array', items, minItems });
export const textByName: Schema = { type: 'object', additionalProperties: text };

/** One of several objects, told apart by their `kind`. */
export const byKind = (schemas: readonly Schema[]): Schema => ({
  type: 'object',
  discriminator: { propertyName: 'kind' },
  oneOf: schemas,
});

export interface Parser<T> {
  /** @throws Error that lists all that is wrong */
  parse(value: unknown): T;
}

/** `T` is what callers read of a valid value: the schema may hold more. */
export function parserOf<T>(schema: Schema): Parser<T> {
  const errorsOf = compileSchema(schema);
  return {
    parse(value) {
      const errors = errorsOf(value);
      if (errors.length > 0) throw new Error(errors.join('\n'));
      return value as T;
    },
  };
}
