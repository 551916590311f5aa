/** Lambda entry point of the admin API: callers are authenticated by IAM, authorized by COUNTERSIGN_ADMINS. */
import { createAdminDependencies } from '../lib/admin/adapters.ts';
import { readAdminConfig } from '../lib/admin/config.ts';
import { createAdminHandler } from '../lib/admin/api/http.ts';
import { createAdminLog } from '../lib/admin/api/log.ts';
import { adminRoutes } from '../lib/admin/api/routes.ts';
import { createLambdaHandler } from '../lib/http/lambda-handler.ts';

const writeLine = (line: string): void => void process.stdout.write(line);

// Once per cold start. A wrong setting ends the start, with every problem named; Lambda starts again for the next request.
const config = readAdminConfig(process.env);

export const handler = createLambdaHandler(
  createAdminHandler({
    dependencies: createAdminDependencies(config, Date.now, writeLine),
    routes: adminRoutes,
    log: createAdminLog(config.logLevel, writeLine),
  }),
  writeLine,
);
