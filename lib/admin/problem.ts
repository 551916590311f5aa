/** Every refusal of the admin API: RFC 9457 documents with a stable code. */
import type { UnreadableItem } from '../errors.ts';
import { listed } from '../json/parse-input.ts';
import type { InputError } from '../json/parse-input.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

const kinds = {
  invalid_input: { status: 400, title: 'The input is not valid' },
  unauthenticated: { status: 401, title: 'The request names no IAM caller' },
  admins_not_configured: { status: 403, title: 'COUNTERSIGN_ADMINS is not set' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The route has no such method' },
  already_exists: { status: 409, title: 'It exists already' },
  write_conflict: { status: 409, title: 'Another write came first' },
  not_empty: { status: 409, title: 'It is still in use' },
  last_admin: { status: 409, title: 'A cluster would lose its last admin' },
  too_many_webhook_tokens: { status: 409, title: 'The cluster has as many webhook tokens as it may' },
  plan_moved: { status: 409, title: 'What the plan decided on has moved' },
  target_changed: { status: 409, title: 'The target has changed since' },
  owned_by_group_sync: { status: 409, title: 'The group sync owns this mapping' },
  version_mismatch: { status: 412, title: 'The version is not the current one' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  internal: { status: 500, title: 'Something went wrong' },
  store_unavailable: { status: 503, title: 'The table could not be read or written' },
  sync_not_started: { status: 503, title: 'The sync function could not be started' },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof kinds;

/** What goes over the wire as `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** One sentence with the remedy. */
  readonly detail: string;
  readonly errors?: readonly InputError[] | undefined;
  /** With `last_admin`: the clusters that would lose their last admin. */
  readonly clusters?: readonly string[] | undefined;
}

/** Thrown anywhere below a route, and answered in one place (`lib/admin/api/http.ts`). Carries nothing secret. */
export class AdminProblem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly InputError[] | undefined;
  readonly clusters: readonly string[] | undefined;
  /** With `store_unavailable`: the one item that cannot be read, if that is the reason. */
  readonly unreadable: UnreadableItem | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      readonly errors?: readonly InputError[];
      readonly clusters?: readonly string[];
      readonly unreadable?: UnreadableItem | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AdminProblem';
    this.code = code;
    this.errors = more.errors;
    this.clusters = more.clusters;
    this.unreadable = more.unreadable;
  }

  get status(): number {
    return kinds[this.code].status;
  }

  toDocument(): ProblemDocument {
    return {
      type: `urn:countersign:problem:${this.code}`,
      title: kinds[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...(this.clusters === undefined ? {} : { clusters: this.clusters }),
    };
  }
}

const isCode = (code: string): code is ProblemCode => Object.hasOwn(kinds, code);

/** Every code, for the OpenAPI document, the guide and the tests. */
export const problemCodes: readonly ProblemCode[] = Object.keys(kinds).filter(isCode);

/** Lists the first 100 problems; the detail has the number of the rest. */
export function invalidInput(errors: readonly InputError[]): AdminProblem {
  const all = listed(errors);
  const shown = all.filter(({ more }) => more === undefined);
  const more = all.reduce((sum, problem) => sum + (problem.more ?? 0), 0);
  const count = shown.length + more;
  const detail =
    count === 1 ? 'One thing is wrong with the input.' : `${count} things are wrong with the input.`;
  return new AdminProblem(
    'invalid_input',
    more === 0 ? detail : `${detail} The first ${shown.length} are listed, and ${more} more are not.`,
    { errors: shown },
  );
}
