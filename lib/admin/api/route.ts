/**
 * One route of the admin API. Dispatch, authorization and the OpenAPI document are all derived from a table of
 * these (`routes.ts`), so none of them can disagree with another.
 */
import * as v from 'valibot';
import { isRecord } from '../../json/record.ts';
import { strictObject } from '../../json/strict-object.ts';
import type { Caller, Who } from '../change/authorize.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { parseInput } from '../../json/parse-input.ts';
import { invalidInput } from '../problem.ts';
import type { InputError } from '../../json/parse-input.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** What came in, before any schema. */
export interface RawRequest {
  /** Percent-decoded, by the name in the path's template. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined` if there was no body. */
  readonly body: unknown;
  /** The version in `If-Match`; `*`: any version, but the record must exist. */
  readonly ifMatch: number | '*' | undefined;
  readonly caller: Caller;
}

/** What a handler receives: every part parsed by the route's schemas. */
export interface AdminRequest<P, Q, B, F = undefined> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** What {@link PathFields} has read. */
  readonly found: F;
  readonly ifMatch: number | '*' | undefined;
  readonly caller: Caller;
}

export type Schema<T = unknown> = v.GenericSchema<unknown, T>;

/** The schema of each answer by status, from the types of the bodies: `{ 200: ClusterAnswer, 204: undefined }`. */
export type Answers<T> = { readonly [S in keyof T]: Schema<T[S]> };

/** The schema of an answer without a body. */
export const noContent = v.undefined();

/** An answer of any route, for the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body?: object | undefined;
  /** The version of the one record in the body: it becomes the `ETag`. */
  readonly version?: number | undefined;
}

/** The compiler infers the keys of an object of schemas as text. */
type StatusOf<S> = S extends `${infer N extends number}` ? N : S & number;

/** What a handler of a route returns: one of the statuses of its `answers`, with a body of that schema. */
export type Answer<T> = WireAnswer &
  { [S in keyof T]: { readonly status: StatusOf<S>; readonly body: T[S] } }[keyof T];

/** Fields that a body may leave out, since the path contains them. The handler refuses other values. */
export interface PathFields<P, F> {
  readonly names: readonly string[];
  /** Reads the source of the values, at most once a request: the handler receives it as `found`. */
  readonly read: (params: P, dependencies: AdminDependencies) => Promise<F>;
  readonly values: (params: P, found: F) => Readonly<Record<string, unknown>>;
}

export interface RouteSpec<P, Q, B, T, F = undefined> {
  /** The OpenAPI operationId. */
  readonly id: string;
  readonly method: Method;
  /** With `{name}` for each variable. */
  readonly path: string;
  readonly tag: string;
  /** One sentence. */
  readonly summary: string;
  readonly who: Who;
  readonly params: Schema<P>;
  readonly query: Schema<Q>;
  /** {@link noBody} if the route accepts none: it refuses one then, since it must not pass for a change. */
  readonly body: Schema<B>;
  /** Problems come by themselves. */
  readonly answers: Answers<T>;
  readonly handle: (request: AdminRequest<P, Q, B, F>, dependencies: AdminDependencies) => Promise<Answer<T>>;
}

/** A route whose body may leave out what the path contains. */
export interface PathRouteSpec<P, Q, B, T, F> extends RouteSpec<P, Q, B, T, F> {
  readonly pathFields: PathFields<P, F>;
}

/** A route whose types are closed over: what the table holds. */
export interface Route extends Pick<
  RouteSpec<unknown, unknown, unknown, Readonly<Record<number, unknown>>>,
  'id' | 'method' | 'path' | 'tag' | 'summary' | 'who' | 'params' | 'query' | 'body' | 'answers'
> {
  /** The names of its {@link PathFields}. */
  readonly pathFields: readonly string[];
  readonly run: (raw: RawRequest, dependencies: AdminDependencies) => Promise<WireAnswer>;
}

export const noParams = strictObject('the path', {});
export const noQuery = strictObject('the query', {});
/** No body, or an object without fields: clients that always send one send `{}`. */
export const noBody = v.pipe(
  v.custom<object | undefined>(
    (body) => body === undefined || (isRecord(body) && Object.keys(body).length === 0),
    'This route takes no body.',
  ),
  v.transform(() => undefined),
);

const noPathFields: PathFields<unknown, undefined> = {
  names: [],
  read: async () => undefined,
  values: () => ({}),
};

export const defineRoute = <P, Q, B, T>(spec: RouteSpec<P, Q, B, T>): Route =>
  defineRouteWithPathFields({ ...spec, pathFields: noPathFields });

/** Closes over the types of a route: what `handle` receives has passed its schemas, every problem reported at once. */
export function defineRouteWithPathFields<P, Q, B, T, F>(spec: PathRouteSpec<P, Q, B, T, F>): Route {
  const { handle, pathFields, ...rest } = spec;
  return {
    ...rest,
    pathFields: pathFields.names,
    run: async (raw, dependencies) => {
      const { ifMatch, caller } = raw;
      const errors: InputError[] = [];
      const params = parsed(spec.params, raw.params, errors);
      const query = parsed(spec.query, raw.query, errors);
      const complete =
        params === undefined
          ? undefined
          : await withPathFields(pathFields, params.value, raw.body, dependencies);
      const inBody: InputError[] = [];
      const body = parsed(spec.body, complete === undefined ? raw.body : complete.body, inBody);
      if (params === undefined || query === undefined || body === undefined || complete === undefined) {
        // Without its path, a body lacks the fields that the path would have filled in.
        const isKnown = ({ path }: InputError): boolean =>
          params !== undefined || !pathFields.names.includes(path);
        throw invalidInput([...errors, ...inBody.filter(isKnown)]);
      }
      const parts = { params: params.value, query: query.value, body: body.value };
      return handle({ ...parts, found: complete.found, ifMatch, caller }, dependencies);
    },
  };
}

function parsed<T>(
  schema: Schema<T>,
  value: unknown,
  errors: InputError[],
): { readonly value: T } | undefined {
  const result = parseInput(schema, value);
  if (result.ok) return result;
  errors.push(...result.failure);
  return undefined;
}

/**
 * The body with the fields that it has left out. A field that is present stays.
 * @returns `undefined` for a body that is no object: its schema refuses it, and nothing is read
 */
async function withPathFields<P, F>(
  { names, read, values }: PathFields<P, F>,
  params: P,
  body: unknown,
  dependencies: AdminDependencies,
): Promise<{ readonly body: unknown; readonly found: F } | undefined> {
  if (names.length > 0 && !isRecord(body)) return undefined;
  const found = await read(params, dependencies);
  return { body: isRecord(body) ? { ...values(params, found), ...body } : body, found };
}

/** @throws AdminProblem if a body names another record than its path */
export function requireSameName(field: string, given: string, byPath: string): void {
  if (given !== byPath) {
    throw invalidInput([{ path: field, message: `${field} must be that of the path, or be left out.` }]);
  }
}
