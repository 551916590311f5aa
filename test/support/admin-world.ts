/** The admin API over a table of its own, asked in every way in which requests reach it. */
import { expect } from 'vitest';
import { parseAdmins } from '../../lib/admin/admins.ts';
import type { Admins } from '../../lib/admin/admins.ts';
import type { AdminDependencies } from '../../lib/admin/dependencies.ts';
import { createAdminHandler } from '../../lib/admin/http.ts';
import type { AdminEvent } from '../../lib/admin/http.ts';
import { adminRoutes } from '../../lib/admin/routes.ts';
import type { SyncRequest } from '../../lib/groups/run-sync.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import type { Store } from '../../lib/store/ports.ts';
import { newWebhookToken } from '../../lib/webhook-token.ts';
import { ulid } from 'ulid';
import { requireConforms } from './openapi-conformance.ts';
import { createTestTable } from './dynamodb.ts';
import type { TestTable } from './dynamodb.ts';

export const callers = {
  admin: 'arn:aws:sts::111122223333:assumed-role/PlatformAdmin/alice',
  operator: 'arn:aws:sts::111122223333:assumed-role/Operator/bob',
  auditor: 'arn:aws:iam::111122223333:user/auditors/carol',
  stranger: 'arn:aws:iam::111122223333:user/mallory',
} as const;

export const adminsSetting = JSON.stringify({
  'arn:aws:iam::111122223333:role/platform/PlatformAdmin': 'admin',
  'arn:aws:iam::111122223333:role/Operator': { operator: ['cluster/own'] },
  'arn:aws:iam::111122223333:user/auditors/carol': 'auditor',
});

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: an admin. `null`: nobody. */
  readonly caller?: string | null;
}

// Tests read answers as they come.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyJson = any;

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnyJson;
}

export type EventShape = 'rest' | 'function-url';

/** The request as API Gateway (REST, IAM authorization) or a function URL (AWS_IAM) hands it over. */
export function eventOf(shape: EventShape, asked: Asked): unknown {
  const { method, path, query = {}, body, headers = {}, caller = callers.admin } = asked;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const sent = { ...(text === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers };
  if (shape === 'rest') {
    return {
      resource: '/{proxy+}',
      path,
      httpMethod: method,
      headers: sent,
      multiValueQueryStringParameters: Object.fromEntries(
        Object.entries(query).map(([name, value]) => [name, [value]]),
      ),
      requestContext: { stage: 'prod', identity: { sourceIp: '10.0.0.1', userArn: caller } },
      body: text ?? null,
      isBase64Encoded: false,
    };
  }
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      stage: '$default',
      http: { method, sourceIp: '10.0.0.1' },
      ...(caller === null ? {} : { authorizer: { iam: { userArn: caller } } }),
    },
    ...(text === undefined ? {} : { body: Buffer.from(text).toString('base64'), isBase64Encoded: true }),
  };
}

export interface AdminWorld {
  readonly store: Store;
  readonly table: TestTable;
  readonly syncs: SyncRequest[];
  readonly log: AdminEvent[];
  /** Every answer is held to the OpenAPI document. */
  ask(asked: Asked, shape?: EventShape): Promise<Answered>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly admins?: Admins | undefined;
  readonly store?: (store: Store) => Store;
  readonly clock?: () => number;
  readonly endpoint?: string | undefined;
}

export const configuredAdmins = (): Admins => {
  const parsed = parseAdmins(adminsSetting);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.admins;
};

export async function createAdminWorld(options: WorldOptions = {}): Promise<AdminWorld> {
  const table = await createTestTable(options.endpoint);
  const clock = options.clock ?? Date.now;
  const plain = table.store({ clock });
  const store = options.store?.(plain) ?? plain;
  const syncs: SyncRequest[] = [];
  const log: AdminEvent[] = [];
  const dependencies: AdminDependencies = {
    store,
    clock,
    admins: 'admins' in options ? options.admins : configuredAdmins(),
    startSync: async (request) => void syncs.push(request),
    info: {
      version: '1.2.3',
      region: 'eu-central-1',
      table: 'countersign',
      reviewEndpoint: 'https://reviews.example.com',
    },
    newRunId: () => ulid(),
    newWebhookToken,
  };
  const handler = createLambdaHandler(
    createAdminHandler({ dependencies, routes: adminRoutes, log: (event) => void log.push(event) }),
    () => {},
  );
  return {
    store,
    table,
    syncs,
    log,
    close: () => table.close(),
    async ask(asked, shape = 'function-url') {
      const answer = await handler(eventOf(shape, asked));
      const body = answer.body === '' ? undefined : (JSON.parse(answer.body) as AnyJson);
      requireConforms(asked, answer.statusCode, answer.headers['content-type'], body);
      return { status: answer.statusCode, headers: answer.headers, body };
    },
  };
}

/** For what a test takes for granted. */
export async function must(world: AdminWorld, asked: Asked): Promise<AnyJson> {
  const answer = await world.ask(asked);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
