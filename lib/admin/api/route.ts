/**
 * One route of the admin API. Dispatch, authorization and the OpenAPI document are all derived from a table of
 * these (`routes.ts`), so none of them can disagree with another.
 */
import * as z from 'zod/mini';
import type { Caller, Who } from '../change/authorize.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { invalidInput } from '../problem.ts';
import type { InputError } from '../problem.ts';
import { parseInput } from '../input-errors.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** What came in, before any schema. */
export interface RawRequest {
  /** Percent-decoded, by the name in the path's template. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined` where there was no body. */
  readonly body: unknown;
  /** The version in `If-Match`; `*`: any version, but it must exist. */
  readonly ifMatch: number | '*' | undefined;
  readonly caller: Caller;
}

/** What a handler takes: every part parsed by the route's schemas. */
export interface AdminRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly ifMatch: number | '*' | undefined;
  readonly caller: Caller;
}

export interface Answer {
  readonly status: number;
  /** Absent with 204. */
  readonly body?: unknown;
  /** The version of the one record in the body: it becomes the `ETag`. */
  readonly version?: number | undefined;
}

type Schema<T = unknown> = z.ZodMiniType<T>;

export interface Implied {
  readonly fields: readonly string[];
  readonly values: (
    params: RawRequest['params'],
    dependencies: AdminDependencies,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

export interface RouteSpec<P, Q, B> {
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
  /** {@link noBody} where the route takes none: it refuses one then, since it must not pass for a change. */
  readonly body: Schema<B>;
  /** Fields that the body may leave out since the path says them; the handler refuses other values. */
  readonly implied?: Implied;
  /** The schema of each answer by status; `null` for one without a body. Problems come by themselves. */
  readonly answers: Readonly<Record<number, Schema | null>>;
  readonly handle: (request: AdminRequest<P, Q, B>, dependencies: AdminDependencies) => Promise<Answer>;
}

/** A route whose types are closed over: what the table holds. */
export interface Route extends Omit<RouteSpec<unknown, unknown, unknown>, 'handle'> {
  readonly run: (raw: RawRequest, dependencies: AdminDependencies) => Promise<Answer>;
}

export const noParams = z.strictObject({});
export const noQuery = z.strictObject({});
export const noBody = z.undefined({ error: 'This route takes no body.' });

/** Closes over the types of a route: what `handle` gets has passed its schemas, every problem told at once. */
export function defineRoute<P, Q, B>(spec: RouteSpec<P, Q, B>): Route {
  const { handle, ...rest } = spec;
  return {
    ...rest,
    run: async (raw, dependencies) => {
      const errors: InputError[] = [];
      const params = parsed(spec.params, raw.params, errors);
      const query = parsed(spec.query, raw.query, errors);
      const body = parsed(spec.body, await completed(spec.implied, raw, dependencies), errors);
      if (params === undefined || query === undefined || body === undefined) {
        throw invalidInput(errors);
      }
      const { ifMatch, caller } = raw;
      return handle(
        { params: params.value, query: query.value, body: body.value, ifMatch, caller },
        dependencies,
      );
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
  errors.push(...result.errors);
  return undefined;
}

/** What is given stays; what is missing is filled in. */
async function completed(
  implied: Implied | undefined,
  { params, body }: RawRequest,
  dependencies: AdminDependencies,
): Promise<unknown> {
  if (implied === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return { ...(await implied.values(params, dependencies)), ...body };
}

/** @throws AdminProblem where a body names another record than its path */
export function requireSameName(field: string, given: string, byPath: string): void {
  if (given !== byPath) {
    throw invalidInput([{ path: field, message: `${field} must be that of the path, or be left out.` }]);
  }
}
