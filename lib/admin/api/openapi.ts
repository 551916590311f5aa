/** The OpenAPI 3.1 document of the admin API, derived from its routes: what validates is what is shown. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { jsonSchemaOptions, withFieldHelp } from '../json-schema.ts';
import { isRecord } from '../../json/record.ts';
import { bindingInput } from '../../records/binding.ts';
import { clusterInput } from '../../records/cluster.ts';
import { denialInput } from '../../records/denial.ts';
import { mappingInput } from '../../records/mapping.ts';
import { setInput } from '../../records/set.ts';
import type { RecordKind } from '../../records/kinds.ts';
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
import { noBody, noContent } from './route.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
type Direction = 'input' | 'output';

/** Schemas with a name of their own in the document, with the kind of record that they are of. */
const components: readonly (readonly [string, Direction, v.GenericSchema, RecordKind?])[] = [
  ['ClusterInput', 'input', clusterInput, 'cluster'],
  ['SetInput', 'input', setInput, 'set'],
  ['MappingInput', 'input', mappingInput, 'mapping'],
  ['DenialInput', 'input', denialInput, 'denial'],
  ['GroupBindingInput', 'input', bindingInput, 'binding'],
  ['DesiredState', 'input', desiredStateSchema],
  ['Cluster', 'output', clusterAnswer, 'cluster'],
  ['Set', 'output', setAnswer, 'set'],
  ['Mapping', 'output', mappingAnswer, 'mapping'],
  ['Denial', 'output', denialAnswer, 'denial'],
  ['GroupBinding', 'output', bindingAnswer, 'binding'],
  ['WebhookToken', 'output', webhookTokenAnswer],
  ['SyncRun', 'output', SyncRun],
  ['AccessRow', 'output', accessRow],
  ['Change', 'output', changeAnswer],
  ['DryRun', 'output', dryRunAnswer],
  ['Problem', 'output', problemAnswer],
];
const componentIds = new Map(components.map(([id, , schema]) => [schema, id]));
const refTo = (id: string): string => `#/components/schemas/${id}`;

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
interface Converter {
  /** The schema itself. */
  definitionOf(schema: v.GenericSchema): Json;
  /** A reference, if the schema has a name. */
  toSchema(schema: v.GenericSchema): Json;
}

/** Converts all schemas in one pass, which is much faster than one by one. */
function converterOf(schemas: readonly v.GenericSchema[], typeMode: Direction): Converter {
  const ids = new Map(
    [...componentIds.keys(), ...schemas].map((schema, index) => [
      schema,
      componentIds.get(schema) ?? `${index}`,
    ]),
  );
  // A pipe of one schema is another object: so a schema without a name is no reference inside another.
  const named = [...ids].map(([schema, id]) => [id, componentIds.has(schema) ? schema : v.pipe(schema)]);
  const definitions = toJsonSchemaDefs(Object.fromEntries(named), {
    ...jsonSchemaOptions,
    typeMode,
    overrideRef: ({ referenceId }) => refTo(referenceId),
  });
  const definitionOf = (schema: v.GenericSchema): Json => {
    const id = ids.get(schema);
    return id === undefined ? {} : { ...definitions[id] };
  };
  return {
    definitionOf,
    toSchema: (schema) => {
      const id = componentIds.get(schema);
      return id === undefined ? definitionOf(schema) : { $ref: refTo(id) };
    },
  };
}

/** The body of a PUT may leave out what its path contains. */
function bodyOf({ body, pathFields }: Route, input: Converter): Json {
  if (pathFields.length === 0) return input.toSchema(body);
  const { required, ...definition } = input.definitionOf(body);
  return { ...definition, required: namesIn(required).filter((name) => !pathFields.includes(name)) };
}

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

const json = (schema: Json, mediaType = 'application/json'): Json => ({ [mediaType]: { schema } });

const statusWords: Readonly<Record<number, string>> = {
  200: 'Done, or what a dry run would do',
  201: 'Created',
  202: 'Started',
  204: 'Deleted',
};

const isWrite = (route: Route): boolean => route.who === 'writer' || route.who === 'admin';

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  schema: {
    type: 'string',
    description:
      'The version that the record must have, quoted as in its ETag, or * for any: 412 version_mismatch otherwise. A webhook token has no version.',
  },
};

function parametersOf(route: Route, input: Converter): readonly Json[] {
  const fields = (schema: v.GenericSchema, where: 'path' | 'query'): Json[] => {
    const { properties, required } = input.definitionOf(schema);
    const needed = namesIn(required);
    return Object.entries(isRecord(properties) ? properties : {}).map(([name, property]) => ({
      name,
      in: where,
      required: needed.includes(name),
      schema: property,
    }));
  };
  return [
    ...fields(route.params, 'path'),
    ...fields(route.query, 'query'),
    ...(isWrite(route) && route.method !== 'POST' ? [ifMatch] : []),
  ];
}

function operationOf(route: Route, input: Converter, output: Converter): Json {
  const answers = Object.entries(route.answers).map(([status, schema]): [string, Json] => [
    status,
    {
      description: statusWords[Number(status)] ?? 'Answered',
      ...(schema === noContent ? {} : { content: json(output.toSchema(schema)) }),
    },
  ]);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: whoWords[route.who],
    parameters: parametersOf(route, input),
    ...(route.body === noBody ? {} : { requestBody: requestBodyOf(route, input) }),
    responses: {
      ...Object.fromEntries(answers),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const requestBodyOf = (route: Route, input: Converter): Json => ({
  required: !v.is(route.body, undefined),
  content: json(bodyOf(route, input)),
});

const whoWords: Readonly<Record<Route['who'], string>> = {
  anyone: 'For every caller whom IAM lets through.',
  reader: 'For admins, operators and auditors.',
  writer: 'For admins, and for operators within their scopes.',
  admin: 'For admins.',
};

const responses = {
  Problem: {
    description: 'Why not: RFC 9457, with a stable code',
    content: json({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
  },
};
const securitySchemes = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4, for execute-api or lambda',
  },
};

/** @param version of Countersign */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const input = converterOf(
    routes.flatMap(({ params, query, body }) => (body === noBody ? [params, query] : [params, query, body])),
    'input',
  );
  const output = converterOf(
    routes.flatMap(({ answers }) => Object.values(answers).filter((schema) => schema !== noContent)),
    'output',
  );
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, input, output),
    };
  }
  const schemas = components.map(([id, io, schema, kind]): [string, Json] => {
    const definition = (io === 'input' ? input : output).definitionOf(schema);
    return [id, kind === undefined ? definition : withFieldHelp(kind, definition)];
  });
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
      responses,
      securitySchemes,
    },
  };
}
