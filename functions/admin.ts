/** Lambda entry point of the admin API: callers are authenticated by IAM, authorized by COUNTERSIGN_ADMINS. */
import { createAdminDependencies } from '../lib/admin/adapters.ts';
import { readAdminConfig } from '../lib/admin/config.ts';
import { createAdminHandler } from '../lib/admin/api/http.ts';
import { createAdminLog } from '../lib/admin/api/log.ts';
import { adminRoutes } from '../lib/admin/api/routes.ts';
import { scrubbingWriter } from '../lib/log/scrub.ts';
import { createLambdaHandler } from '../lib/http/lambda-handler.ts';

// Once per cold start. A wrong setting ends the start, with every problem named; Lambda starts again for the next request.
const config = readAdminConfig(process.env);
const writeLine = scrubbingWriter(config.scrubbedAccounts, (line) => void process.stdout.write(line));

export const handler = createLambdaHandler(
  createAdminHandler({
    dependencies: createAdminDependencies(config, Date.now, writeLine),
    routes: adminRoutes,
    log: createAdminLog(config.logLevel, writeLine),
  }),
  writeLine,
);
