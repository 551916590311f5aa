/** The keywords of JSON Schema draft 7 that the chart's values schema uses. Another keyword throws. */

// oxlint-disable-next-line typescript/no-explicit-any
type Schema = Readonly<Record<string, any>>;

/** Paths and reasons; none is valid. */
export function schemaErrors(value: unknown, schema: Schema, root: Schema = schema, path = ''): string[] {
  return Object.entries(schema).flatMap(([keyword, operand]) => {
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`The keyword ${keyword} is not known here.`);
    return check(value, operand, { schema, root, path });
  });
}

interface Context {
  readonly schema: Schema;
  readonly root: Schema;
  readonly path: string;
}
// oxlint-disable-next-line typescript/no-explicit-any
type Check = (value: any, operand: any, context: Context) => string[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
const fine: Check = () => [];
const unless = (condition: boolean, path: string, reason: string): string[] =>
  condition ? [] : [`${path} ${reason}`];
const entries = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

const keywords: Readonly<Record<string, Check>> = {
  $schema: fine,
  title: fine,
  description: fine,
  definitions: fine,
  $ref: (value, operand: string, { root, path }) =>
    schemaErrors(value, root['definitions'][operand.replace('#/definitions/', '')], root, path),
  type: (value, operand, { path }) => unless(typeOf(value) === operand, path, `is not a ${operand}`),
  required: (value, operand: string[], { path }) =>
    operand.flatMap((name) => unless(!isObject(value) || name in value, path, `lacks ${name}`)),
  properties: (value, operand, { root, path }) =>
    entries(value).flatMap(([name, inner]) =>
      name in operand ? schemaErrors(inner, operand[name], root, `${path}/${name}`) : [],
    ),
  additionalProperties: (value, operand, { schema, root, path }) =>
    entries(value)
      .filter(([name]) => !(name in (schema['properties'] ?? {})))
      .flatMap(([name, inner]) =>
        operand === false
          ? [`${path} has an unknown ${name}`]
          : schemaErrors(inner, operand, root, `${path}/${name}`),
      ),
  propertyNames: (value, operand, { root, path }) =>
    entries(value).flatMap(([name]) => schemaErrors(name, operand, root, `${path}/${name}`)),
  anyOf: (value, operand: Schema[], { root, path }) =>
    unless(
      operand.some((option) => schemaErrors(value, option, root, path).length === 0),
      path,
      'fits no alternative',
    ),
  not: (value, operand, { root, path }) =>
    unless(schemaErrors(value, operand, root, path).length > 0, path, 'is excluded'),
  items: (value, operand, { root, path }) =>
    Array.isArray(value) ? value.flatMap((item, i) => schemaErrors(item, operand, root, `${path}/${i}`)) : [],
  minItems: (value, operand, { path }) =>
    unless(!Array.isArray(value) || value.length >= operand, path, 'is too short'),
  uniqueItems: (value, _, { path }) =>
    unless(!Array.isArray(value) || new Set(value).size === value.length, path, 'has an item twice'),
  pattern: (value, operand, { path }) =>
    unless(typeof value !== 'string' || new RegExp(operand).test(value), path, `does not match ${operand}`),
  minLength: (value, operand, { path }) =>
    unless(typeof value !== 'string' || value.length >= operand, path, 'is short'),
  maxLength: (value, operand, { path }) =>
    unless(typeof value !== 'string' || value.length <= operand, path, 'is long'),
};
