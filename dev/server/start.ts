/** Countersign on a laptop: reviews and the admin API, their table, and stand-ins for STS and IAM. */
import { createServer, type RequestListener } from 'node:http';
import { adminBodyBytes } from '../../lib/admin/limits.ts';
import type { Instant } from '../../lib/errors.ts';
import { createListener } from '../../lib/http/node-server.ts';
import { createStore } from '../../lib/store/dynamodb/store.ts';
import { readHost } from '../stand-ins/host.ts';
import { createAwsServer } from '../stand-ins/server.ts';
import { liveAccounts } from '../fixture/live-accounts.ts';
import { demoFixture, readFixture, type Fixture } from '../fixture/read.ts';
import { actor, adminRoute } from './admin.ts';
import { guarded, guardServer } from './guard.ts';
import { reviewRoutes, routerOf, type HandlerOptions } from './handlers.ts';
import { closeServer, listen, loopback } from './listen.ts';
import { findLogin, region as demoRegion, tryLogin, type Login } from './login.ts';
import { fillTable, openTable, tableName, type OpenTable } from './table.ts';

export interface DevOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Of the stand-ins for STS and IAM. 0: any free port. */
  readonly awsPort: number;
  /** Default: in memory. */
  readonly dataDirectory: string | undefined;
  /** Default: the demo. */
  readonly fixture: string | undefined;
  readonly sts: 'local' | 'aws';
  readonly dynamodbEndpoint: string | undefined;
}

export interface DevEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Instant;
  /** Shows one line on the terminal. */
  readonly print: (line: string) => void;
  /** Progress of loading the fixture, in records. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface RunningDev {
  readonly url: string;
  /** `undefined` with `--sts aws`. */
  readonly awsUrl: string | undefined;
  readonly fixture: Fixture;
  /** `undefined` if the fixture lets no user with a key in, and with `--sts aws`. */
  readonly login: Login | undefined;
  /** The outcome of that login, in one line. */
  readonly loggedIn: string | undefined;
  close(): Promise<void>;
}

/** @throws Error of one sentence: a wrong fixture, a port in use, a table that cannot be used */
export async function startDev(options: DevOptions, environment: DevEnvironment): Promise<RunningDev> {
  const path = options.fixture ?? demoFixture();
  const read = readFixture(path);
  if (!read.ok) throw new Error(read.failure.problem);
  const fixture = read.value;
  // If a step fails, everything that was opened is closed again, last first.
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const web = createServer({ maxHeaderSize: 65_536 });
    const url = `http://${loopback}:${await listen(web, options.port, '--port')}`;
    closers.push(() => closeServer(web));
    const table = await openFilledTable(path, fixture, options, environment);
    closers.push(() => table.close());
    const awsUrl =
      options.sts === 'local' ? await startAws(path, fixture, options, environment, closers) : undefined;
    const handlers = handlerOptions(url, table, fixture, awsUrl, environment);
    web.on('request', listenerOf(handlers));
    const login = awsUrl === undefined ? undefined : findLogin(fixture);
    const loggedIn = login === undefined ? undefined : await tryLogin(url, login, environment.clock());
    return { url, awsUrl, fixture, login, loggedIn, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function listenerOf(handlers: HandlerOptions): RequestListener {
  const route = routerOf([...reviewRoutes(handlers), adminRoute(handlers)]);
  const onError = (): void => handlers.print('A request could not be answered.');
  return guarded(createListener(route, { caller: actor, bodyBytes: adminBodyBytes, onError }));
}

async function openFilledTable(
  path: string,
  fixture: Fixture,
  { dynamodbEndpoint, dataDirectory }: DevOptions,
  { clock, print, onProgress }: DevEnvironment,
): Promise<OpenTable> {
  const table = await openTable({
    region: demoRegion,
    endpoint: dynamodbEndpoint,
    directory: dataDirectory,
  });
  const filled = await fillTable(fixture, { client: table.client, clock, actor, onProgress });
  if (!filled) print(`The table holds data already: the records of ${path} were not used.`);
  return table;
}

async function startAws(
  path: string,
  fixture: Fixture,
  { awsPort }: DevOptions,
  { clock, print }: DevEnvironment,
  closers: (() => Promise<void>)[],
): Promise<string> {
  const server = createAwsServer({ accounts: liveAccounts(path, fixture, print), now: clock });
  guardServer(server, {
    mediaTypes: ['application/x-www-form-urlencoded'],
    isKnownHost: (host) => [readHost(host, 'sts'), readHost(host, 'iam')].some(({ kind }) => kind === 'aws'),
  });
  const port = await listen(server, awsPort, '--aws-port');
  closers.push(() => closeServer(server));
  return `http://${loopback}:${port}`;
}

function handlerOptions(
  url: string,
  table: OpenTable,
  fixture: Fixture,
  awsUrl: string | undefined,
  { env, clock, print }: DevEnvironment,
): HandlerOptions {
  const common = {
    store: createStore({ table: tableName, region: demoRegion, client: table.client, clock }),
    tableEndpoint: table.endpoint,
    tableCredentials: table.credentials,
    url,
    clock,
    print,
  };
  if (awsUrl !== undefined) {
    const functions =
      fixture.functionsKey === undefined
        ? undefined
        : fixture.accounts.userByAccessKey.get(fixture.functionsKey)?.key;
    // Without a key of its own the sync uses an unknown one, and the stand-in answers with an error.
    const credentials = {
      accessKeyId: functions?.id ?? 'NOBODY',
      secretAccessKey: functions?.secret ?? 'none',
    };
    const sts = { endpoint: awsUrl, reach: 'all' } as const;
    return { ...common, region: demoRegion, sts, iam: { endpoint: awsUrl, credentials } };
  }
  const endpoint = env['AWS_ENDPOINT_URL_STS'];
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? demoRegion;
  return { ...common, region, sts: endpoint ? { endpoint, reach: 'all' } : {}, iam: {} };
}
