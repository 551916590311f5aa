/** The OpenAPI 3.1 document of the admin API, derived from its routes: what validates is what is shown. */
import * as z from 'zod/mini';
import { bindingInput, clusterInput, denialInput, mappingInput, setInput } from '../../records/schemas.ts';
import { SyncRun } from '../../records/sync-run.ts';
import {
  accessRow,
  bindingAnswer,
  changeAnswer,
  clusterAnswer,
  denialAnswer,
  dryRunAnswer,
  mappingAnswer,
  problemAnswer,
  setAnswer,
  webhookTokenAnswer,
} from './answers.ts';
import { desiredStateSchema } from '../state/desired-state.ts';
import { noBody } from './route.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
type Direction = 'input' | 'output';

const anyObject = z.record(z.string(), z.unknown());

/** Schemas with a name of their own in the document. */
const named = z.registry<{ readonly id: string }>();
const components: readonly (readonly [string, Direction, z.ZodMiniType])[] = [
  ['ClusterInput', 'input', clusterInput],
  ['SetInput', 'input', setInput],
  ['MappingInput', 'input', mappingInput],
  ['DenialInput', 'input', denialInput],
  ['GroupBindingInput', 'input', bindingInput],
  ['DesiredState', 'input', desiredStateSchema],
  ['Cluster', 'output', clusterAnswer],
  ['Set', 'output', setAnswer],
  ['Mapping', 'output', mappingAnswer],
  ['Denial', 'output', denialAnswer],
  ['GroupBinding', 'output', bindingAnswer],
  ['WebhookToken', 'output', webhookTokenAnswer],
  ['SyncRun', 'output', SyncRun],
  ['AccessRow', 'output', accessRow],
  ['Change', 'output', changeAnswer],
  ['DryRun', 'output', dryRunAnswer],
  ['Problem', 'output', problemAnswer],
];
for (const [id, , schema] of components) named.add(schema, { id });

/** JSON Schema 2020-12, as OpenAPI 3.1 has it; named schemas become references. */
function toSchema(schema: z.ZodMiniType, io: Direction): Json {
  const id = named.get(schema)?.id;
  return id === undefined ? definitionOf(schema, io) : { $ref: `#/components/schemas/${id}` };
}

function definitionOf(schema: z.ZodMiniType, io: Direction): Json {
  const converted = z.toJSONSchema(schema, { io, metadata: named, unrepresentable: 'any' });
  const { $schema: _dialect, $defs = {}, id: _id, ...rest } = converted;
  // A named schema comes as a reference to itself.
  const own = $defs[named.get(schema)?.id ?? ''] ?? rest;
  const { id: _name, ...definition } = own;
  return plainObject(JSON.stringify(definition).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function plainObject(text: string): Json {
  const value: unknown = JSON.parse(text);
  return anyObject.parse(value);
}

/** A PUT's body may leave out what its path says. */
function bodyOf({ body, implied }: Route): Json {
  if (implied === undefined) return toSchema(body, 'input');
  const { required, ...definition } = definitionOf(body, 'input');
  return { ...definition, required: namesIn(required).filter((name) => !implied.fields.includes(name)) };
}

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

const json = (schema: Json, mediaType = 'application/json'): Json => ({ [mediaType]: { schema } });

const statusWords: Readonly<Record<number, string>> = {
  200: 'Done, or what a dry run would do',
  201: 'Made',
  202: 'Under way',
  204: 'Deleted',
};

const isWrite = (route: Route): boolean => route.who === 'writer' || route.who === 'admin';

function parametersOf(route: Route): readonly Json[] {
  const fields = (schema: z.ZodMiniType, where: 'path' | 'query'): Json[] => {
    const { properties, required } = definitionOf(schema, 'input');
    const needed = namesIn(required);
    return Object.entries(anyObject.parse(properties ?? {})).map(([name, property]) => ({
      name,
      in: where,
      required: needed.includes(name),
      schema: property,
    }));
  };
  const ifMatch = { name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } };
  return [
    ...fields(route.params, 'path'),
    ...fields(route.query, 'query'),
    ...(isWrite(route) && route.method !== 'POST' ? [ifMatch] : []),
  ];
}

function operationOf(route: Route): Json {
  const answers = Object.entries(route.answers).map(([status, schema]): [string, Json] => [
    status,
    {
      description: statusWords[Number(status)] ?? 'Answered',
      ...(schema === null ? {} : { content: json(toSchema(schema, 'output')) }),
    },
  ]);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: whoWords[route.who],
    parameters: parametersOf(route),
    ...(route.body === noBody ? {} : { requestBody: requestBodyOf(route) }),
    responses: {
      ...Object.fromEntries(answers),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const requestBodyOf = (route: Route): Json => ({
  required: !route.body.safeParse(undefined).success,
  content: json(bodyOf(route)),
});

const whoWords: Readonly<Record<Route['who'], string>> = {
  anyone: 'For every caller whom IAM lets through.',
  reader: 'For admins, operators and auditors.',
  writer: 'For admins, and for operators within their scopes.',
  admin: 'For admins.',
};

/** @param version of Countersign */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const schemas = components.map(([id, io, schema]): [string, Json] => [id, definitionOf(schema, io)]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign admin API',
      version,
      description: 'Who may enter which cluster as whom. Requests are signed with AWS credentials (SigV4).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ sigv4: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      responses: {
        Problem: {
          description: 'Why not: RFC 9457, with a stable code',
          content: json({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
        },
      },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4, for execute-api or lambda',
        },
      },
    },
  };
}
