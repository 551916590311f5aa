/** The admin API over HTTP: finds the route, who asks, and what with; answers records or problems. */
import type { HttpHandler, HttpRequest, HttpResponse } from '../../http/message.ts';
import { jsonResponse } from '../../http/message.ts';
import type { InputError } from '../../json/parse-input.ts';
import { parseJson } from '../../json/parse-json.ts';
import type { JsonProblem } from '../../json/parse-json.ts';
import { describeThrown } from '../../log/thrown.ts';
import { callerOf, requireRole } from '../change/authorize.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { adminBodyBytes } from '../limits.ts';
import { AdminProblem, invalidInput } from '../problem.ts';
import type { Route, WireAnswer } from './route.ts';
import { matchRoute, type MatchedRoute } from './match-route.ts';

/** One line for each request: who did what, with which outcome. Never a body, a query or a header. */
export interface AdminEvent {
  readonly actor: string | undefined;
  readonly method: string;
  /** The OpenAPI operationId; absent if no route was found. */
  readonly operation: string | undefined;
  readonly status: number;
  readonly code: string | undefined;
  /** Milliseconds. */
  readonly duration: number;
  /** With `internal`: where it was thrown. Never the message, which can quote the input. */
  readonly thrown?: ReturnType<typeof describeThrown> | undefined;
}

export interface AdminHttpOptions {
  readonly dependencies: AdminDependencies;
  readonly routes: readonly Route[];
  readonly log: (event: AdminEvent) => void;
}

/** Never rejects: an unexpected error becomes `internal`; the log holds its stack frames, the answer holds nothing of it. */
export function createAdminHandler(options: AdminHttpOptions): HttpHandler {
  const { clock } = options.dependencies;
  return async (request) => {
    const started = clock();
    const found = matchRoute(options.routes, request);
    let problem: AdminProblem | undefined;
    let response: HttpResponse;
    try {
      if (!found.ok) throw found.failure.problem;
      response = responseOf(await run(found.value, request, options.dependencies));
    } catch (error) {
      problem = error instanceof AdminProblem ? error : internal(error);
      response = problemResponse(problem, found.ok ? undefined : found.failure.allow);
    }
    options.log({
      actor: request.caller,
      method: request.method,
      operation: found.ok ? found.value.route.id : undefined,
      status: response.status,
      code: problem?.code,
      duration: clock() - started,
      thrown: problem?.code === 'internal' ? describeThrown(problem.cause) : undefined,
    });
    return response;
  };
}

async function run(
  { route, params }: MatchedRoute,
  request: HttpRequest,
  dependencies: AdminDependencies,
): Promise<WireAnswer> {
  if (request.caller === undefined) {
    throw new AdminProblem(
      'unauthenticated',
      'Sign the request with AWS credentials (SigV4): see the guide of the admin API.',
    );
  }
  const caller = callerOf(request.caller, dependencies.admins);
  requireRole(caller, route.who);
  const { query } = request;
  const raw = { params, query: queryOf(query), body: bodyOf(request), ifMatch: ifMatchOf(request), caller };
  return route.run(raw, dependencies);
}

function responseOf({ status, body, version }: WireAnswer): HttpResponse {
  const headers = version === undefined ? {} : { etag: `"${version}"` };
  if (body === undefined) return { status, headers: { 'cache-control': 'no-store', ...headers }, body: '' };
  return jsonResponse(status, body, headers);
}

const problemResponse = (problem: AdminProblem, allow: readonly string[] | undefined): HttpResponse =>
  jsonResponse(
    problem.status,
    problem.toDocument(),
    allow === undefined ? {} : { allow: allow.join(', ') },
    'application/problem+json',
  );

const internal = (cause: unknown): AdminProblem =>
  new AdminProblem(
    'internal',
    'Something went wrong inside Countersign; the log of the admin function says where.',
    {
      cause,
    },
  );

/** A repeated parameter could be checked in one spelling and used in the other. */
function queryOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const twice = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  if (twice.length > 0) {
    throw invalidInput(twice.map((name) => ({ path: name, message: 'This parameter is given twice.' })));
  }
  return Object.fromEntries(query);
}

/** `undefined` if there is no body. A name twice in an object is refused, and JSON keeps `__proto__` an ordinary field, which the schemas refuse. */
function bodyOf({ body, headers }: HttpRequest): unknown {
  if (body.length === 0) return undefined;
  if (body.length > adminBodyBytes) {
    throw new AdminProblem(
      'too_large',
      `A body may have ${adminBodyBytes} bytes: split the desired state by managed.scopes.`,
    );
  }
  const mediaType = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== undefined && mediaType !== 'application/json') {
    throw new AdminProblem('unsupported_media_type', 'Send the body as application/json.');
  }
  const text = utf8Of(body);
  if (text === undefined) throw invalidInput([{ path: '', message: 'The body is not JSON in UTF-8.' }]);
  const json = parseJson(text);
  if (!json.ok) throw invalidInput(json.failure.map(bodyError));
  return json.value;
}

const bodyError = ({ path, rule }: JsonProblem): InputError => ({
  path,
  message: path === '' ? `The body ${rule}.` : `${path} ${rule}: keep one of the two.`,
});

function utf8Of(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** `"7"`, 7 or `*`. A weak validator is none: versions are exact. */
function ifMatchOf({ headers }: HttpRequest): number | '*' | undefined {
  const text = headers.get('if-match')?.trim();
  if (text === undefined || text === '*') return text;
  const digits = /^(?:"(\d{1,15})"|(\d{1,15}))$/.exec(text);
  if (digits === null) {
    throw invalidInput([
      { path: 'If-Match', message: 'If-Match must be one version, as ETag gives it, or *.' },
    ]);
  }
  return Number(digits[1] ?? digits[2]);
}
