import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withFieldHelp } from '../../../lib/admin/json-schema.ts';
import { openApiDocument } from '../../../lib/admin/api/openapi.ts';
import { adminRoutes } from '../../../lib/admin/api/routes.ts';
import { fieldHelp } from '../../../lib/records/field-help.ts';
import { writeOrder } from '../../../lib/records/kinds.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly anyOf?: readonly Schema[];
}

const component = {
  set: 'Set',
  cluster: 'Cluster',
  mapping: 'Mapping',
  denial: 'Denial',
  binding: 'GroupBinding',
};
const { schemas } = openApiDocument(adminRoutes, '0')['components'] as { schemas: Record<string, Schema> };

test.each(
  writeOrder.flatMap(
    (kind) =>
      [
        [kind, component[kind]],
        [kind, `${component[kind]}Input`],
      ] as const,
  ),
)('the OpenAPI document describes every field of a %s in %s by the line of its kind', (kind, name) => {
  const schema = schemas[name]!;
  const described = Object.assign(
    {},
    ...[schema, ...(schema.anyOf ?? [])].map(({ properties = {} }) =>
      Object.fromEntries(Object.entries(properties).map(([field, { description }]) => [field, description])),
    ),
  ) as Record<string, string>;
  expect(described).toMatchObject(fieldHelp[kind]);
});

test('a description of the schema itself is kept, and a field of another kind gets none', () => {
  const properties = { name: { description: 'own' }, other: { type: 'string' } };
  expect(withFieldHelp('set', { properties })).toEqual({ properties });
});

test.each(writeOrder)('the schema of the desired state names the definition of a %s', (kind) => {
  const { properties, $defs } = JSON.parse(readFileSync('docs/desired-state.schema.json', 'utf8')) as {
    properties: Record<string, { items?: object }>;
    $defs: Record<string, Schema>;
  };
  expect(properties[`${kind}s`]?.items).toEqual({ $ref: `#/$defs/${component[kind]}` });
  expect($defs).toHaveProperty(component[kind]);
});
