import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { desiredStateJsonSchema } from '../../../../lib/admin/state/desired-state-schema.ts';
import { openApiDocument } from '../../../../lib/admin/api/openapi.ts';
import { problemCodes } from '../../../../lib/admin/problem.ts';
import { adminRoutes } from '../../../../lib/admin/api/routes.ts';
import type { AnyJson } from '../../../fixtures/admin-world.ts';

const document = openApiDocument(adminRoutes, '1.2.3') as AnyJson;

/** What the specification (OpenAPI 3.1.0, sections 4.8.1 to 4.8.17) asks of the parts that are used here. */
const reference = z.strictObject({ $ref: z.string().regex(/^#\/components\/(?:schemas|responses)\/\w+$/) });
const schema = z.union([reference, z.record(z.string(), z.unknown())]);
const content = z.record(z.string().regex(/^application\/(?:problem\+)?json$/), z.strictObject({ schema }));
const response = z.strictObject({ description: z.string().min(1), content: content.optional() });
const parameter = z.strictObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema,
});
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^(?:[1-5]\d\d|default)$/), z.union([reference, response])),
});
const openApi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(
    z.string().startsWith('/v1/'),
    z.record(z.enum(['get', 'put', 'post', 'delete']), operation.optional()),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^\w+$/), z.record(z.string(), z.unknown())),
    responses: z.record(z.string(), response),
    securitySchemes: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

const operations: AnyJson[] = Object.entries<AnyJson>(document.paths).flatMap(([path, methods]) =>
  Object.values<AnyJson>(methods).map((one) => ({ path, ...one })),
);

describe('the OpenAPI document', () => {
  test('is one', () => {
    expect(openApi.safeParse(document).error).toBeUndefined();
  });

  test('has every route of the table', () => {
    expect(new Set(operations.map(({ operationId }) => operationId))).toEqual(
      new Set(adminRoutes.map(({ id }) => id)),
    );
    expect(operations).toHaveLength(adminRoutes.length);
    expect(new Set(adminRoutes.map(({ id }) => id)).size).toBe(adminRoutes.length);
  });

  test('refers to nothing that is not there', () => {
    const wanted = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
    const missing = wanted.filter(
      (path) => path.split('/').reduce<AnyJson>((inner, part) => inner?.[part], document) === undefined,
    );
    expect(missing).toEqual([]);
    expect(wanted.length).toBeGreaterThan(30);
  });

  test('names each variable of a path, and no other', () => {
    for (const { path, parameters, operationId } of operations) {
      const names = parameters.filter((one: AnyJson) => one.in === 'path').map((one: AnyJson) => one.name);
      expect(names, operationId).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]: string[]) => name));
    }
  });

  test('sibling paths have one name for a variable, as API Gateway wants it', () => {
    const under = Object.keys(document.paths).filter((path) => path.startsWith('/v1/clusters/'));
    expect(under.every((path) => path.startsWith('/v1/clusters/{clusterId}'))).toBe(true);
  });

  test('shows the rules of fields as patterns', () => {
    const { Cluster, MappingInput } = document.components.schemas;
    expect(Cluster.properties.id.pattern).toBe('^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$');
    expect(MappingInput).toMatchObject({
      additionalProperties: false,
      required: ['scope', 'principal', 'username', 'groups'],
    });
  });

  test('a PUT may leave out what its path says', () => {
    const body =
      document.paths['/v1/clusters/{clusterId}'].put.requestBody.content['application/json'].schema;
    expect(body.required).toEqual([]);
    expect(Object.keys(body.properties)).toContain('id');
  });
});

test('codes of problems are words that a program can switch on', () => {
  expect(problemCodes.every((code) => /^[a-z]+(?:_[a-z]+)*$/.test(code))).toBe(true);
});

test('docs/desired-state.schema.json is what validates (else: npx vitest run test/lib/admin/api/openapi.test.ts --update)', async () => {
  const text = await format(JSON.stringify(desiredStateJsonSchema()), { parser: 'json', printWidth: 110 });
  await expect(text).toMatchFileSnapshot('../../../../docs/desired-state.schema.json');
});
