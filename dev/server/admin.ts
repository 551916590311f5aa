/** The admin API and the group sync of `countersign dev`: open to every user of this machine, as the admin `dev`. */
import { ulid } from 'ulid';
import { onlyAdmin } from '../../lib/admin/change/admins.ts';
import { createAdminHandler, type AdminEvent } from '../../lib/admin/api/http.ts';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { createIamReader } from '../../lib/sync/iam.ts';
import { runSync, type SyncRequest } from '../../lib/sync/run.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import { version } from '../../lib/version.ts';
import { newWebhookToken } from '../../lib/token/webhook-token.ts';
import type { HandlerOptions, Route } from './handlers.ts';
import { tableName } from './table.ts';

/** The actor of every change, and of the records that fill the table. */
export const actor = 'dev';

/** Every path under /v1/ that is not a review. */
export function adminRoute(options: HandlerOptions): Route {
  const { store, clock, region, url, print } = options;
  const handler = createAdminHandler({
    dependencies: {
      store,
      clock,
      admins: onlyAdmin(actor),
      startSync: (request) => startSync(options, request),
      info: { version, region, table: tableName, reviewEndpoint: url },
      newRunId: () => ulid(),
      newWebhookToken,
    },
    routes: adminRoutes,
    log: (event) => print(lineOf(event)),
  });
  return { matches: (path) => path.startsWith('/v1/'), handler: createLambdaHandler(handler, print) };
}

const lineOf = ({ method, operation, status, code }: AdminEvent): string =>
  `admin: ${operation ?? method} ${status}${code === undefined ? '' : ` ${code}`}`;

/** The time limit of the function on Lambda. */
const syncMilliseconds = 4 * 60_000;

/** Starts a run of the group sync and does not wait for it, like the asynchronous call on Lambda. */
function startSync(
  { store, region, iam, clock, print }: HandlerOptions,
  request: SyncRequest,
): Promise<void> {
  const end = clock() + syncMilliseconds;
  const readGroup = createIamReader({ region, ...iam });
  runSync({ store, readGroup, clock, remaining: () => end - clock() }, request).then(
    (run) => print(`group sync ${run.id}: ${run.state}, ${run.written} written`),
    (error: unknown) =>
      print(
        `group sync ${request.runId} failed: ${error instanceof Error ? error.message : 'unknown error'}`,
      ),
  );
  return Promise.resolve();
}
