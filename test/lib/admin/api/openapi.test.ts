import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { openApiDocument } from '../../../../lib/admin/api/openapi.ts';
import { problemCodes } from '../../../../lib/admin/problem.ts';
import { adminRoutes } from '../../../../lib/admin/api/routes.ts';
import type { AnyJson } from '../../../fixtures/admin-fixture.ts';

const document = openApiDocument(adminRoutes, '1.2.3') as AnyJson;

/** What the specification (OpenAPI 3.1.0, sections 4.8.1 to 4.8.17) asks of the parts that are used here. */
const matching = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));
const reference = v.strictObject({ $ref: matching(/^#\/components\/(?:schemas|responses)\/\w+$/) });
const schema = v.union([reference, v.record(v.string(), v.unknown())]);
const content = v.record(matching(/^application\/(?:problem\+)?json$/), v.strictObject({ schema }));
const response = v.strictObject({
  description: v.pipe(v.string(), v.minLength(1)),
  content: v.optional(content),
});
const parameter = v.strictObject({
  name: v.string(),
  in: v.picklist(['path', 'query', 'header']),
  required: v.boolean(),
  schema,
});
const operation = v.strictObject({
  operationId: v.string(),
  tags: v.pipe(v.array(v.string()), v.length(1)),
  summary: v.string(),
  description: v.string(),
  parameters: v.array(parameter),
  requestBody: v.optional(v.strictObject({ required: v.boolean(), content })),
  responses: v.record(matching(/^(?:[1-5]\d\d|default)$/), v.union([reference, response])),
});
const openApi = v.strictObject({
  openapi: v.literal('3.1.0'),
  info: v.strictObject({
    title: v.string(),
    version: v.string(),
    description: v.string(),
    license: v.strictObject({ name: v.string(), identifier: v.string() }),
  }),
  security: v.array(v.record(v.string(), v.array(v.string()))),
  tags: v.array(v.strictObject({ name: v.string() })),
  paths: v.record(
    matching(/^\/v1\//),
    v.record(v.picklist(['get', 'put', 'post', 'delete']), v.optional(operation)),
  ),
  components: v.strictObject({
    schemas: v.record(matching(/^\w+$/), v.record(v.string(), v.unknown())),
    responses: v.record(v.string(), response),
    securitySchemes: v.record(v.string(), v.record(v.string(), v.string())),
  }),
});

const operations: AnyJson[] = Object.entries<AnyJson>(document.paths).flatMap(([path, methods]) =>
  Object.values<AnyJson>(methods).map((one) => ({ path, ...one })),
);

describe('the OpenAPI document', () => {
  test('is a valid OpenAPI document', () => {
    expect(v.safeParse(openApi, document).issues).toBeUndefined();
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
