/**
 * The group sync of a large organization: the function as it is deployed, in a process of its own, against stand-ins
 * that are real: IAM over HTTP with signatures verified, and dynalite. What counts are calls and writes, which are the same on
 * every machine: each is held against the least that is possible.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { createAwsServer } from '../dev/stand-ins/server.ts';
import { closeServer, listen } from '../dev/server/listen.ts';
import { bulkLoad } from '../lib/store/dynamodb/bulk-load.ts';
import { createDynamoDbClient } from '../lib/store/dynamodb/table-client.ts';
import { createTable } from '../lib/store/layout/table-definition.ts';
import { createEngine, type Engine } from '../test/fixtures/dynamodb-engine.ts';
import { createLargeOrganization, functionKey, type LargeOrganization } from './large-organization.ts';
import type { Row } from './table.ts';

const table = 'countersign';
/** Of the function, as serverless.yml has it: 512 MB. */
const functionMemory = 512;
/** Users of each account who change their group between the second run and the third. */
const moved = 50;

interface Measured {
  readonly milliseconds: number;
  /** Most of the process at any time, in MB. */
  readonly memory: number;
  /** By what is called, or what kind of item is put. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What Lambda does: imports the function, hands it the schedule's event, has its answer. The last line is ours. */
const script = `
const { handler } = await import(${JSON.stringify(pathToFileURL('dist/functions/group-sync/index.mjs').href)});
const { state } = await handler({}, { getRemainingTimeInMillis: () => 900000 });
console.log(JSON.stringify({ state, memory: process.resourceUsage().maxRSS / 1024 }));
`;
const Ended = v.object({ state: v.literal('done'), memory: v.number() });

class Counts {
  #counts = new Map<string, number>();
  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
  /** The counts since the last call. */
  take(): ReadonlyMap<string, number> {
    const taken = this.#counts;
    this.#counts = new Map();
    return taken;
  }
}

/** Three runs: over an empty table, with nothing changed, and after some people changed their groups. */
export async function measureGroupSync(): Promise<Row[]> {
  const counts = new Counts();
  const before = createLargeOrganization();
  const after = createLargeOrganization(moved);
  let now = before;
  const aws = createAwsServer({ accounts: () => now.accounts, now: Date.now });
  // Which service is meant stands in the scope of the signature.
  aws.prependListener('request', ({ headers }) =>
    counts.add(headers.authorization?.includes('/iam/') === true ? 'GetGroup' : 'AssumeRole'),
  );
  const engine = createEngine();
  const dynamodb = createDynamoDbServer(engine, counts);
  try {
    const environment = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${await listen(aws, 0, '')}`,
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${await listen(dynamodb, 0, '')}`,
    };
    await fill(environment.AWS_ENDPOINT_URL_DYNAMODB, before);
    const first = await measureRun(environment, counts);
    const second = await measureRun(environment, counts);
    now = after;
    const third = await measureRun(environment, counts);
    return rowsOf(before, { first, second, third });
  } finally {
    await Promise.all([closeServer(aws), closeServer(dynamodb)]);
  }
}

/** Of any operation; nothing of it is left out. */
const WireInput = v.looseObject({
  Item: v.optional(v.looseObject({ pk: v.object({ S: v.string() }) })),
});

function createDynamoDbServer(engine: Engine, counts: Counts): Server {
  return createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const input = v.parse(WireInput, JSON.parse(text));
      if (operation === 'PutItem') counts.add(`put ${input.Item?.pk.S.split('#')[0]}`);
      void engine(operation, input).then((answer) =>
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.text),
      );
    });
  });
}

async function fill(dynamodbEndpoint: string, { bindings }: LargeOrganization): Promise<void> {
  const credentials = { accessKeyId: functionKey.id, secretAccessKey: functionKey.secret };
  const client = createDynamoDbClient({ region: 'eu-central-1', dynamodbEndpoint, credentials });
  await createTable(client, table);
  const options = { client, table, actor: 'bench', clock: Date.now };
  await bulkLoad({ sets: [{ name: 'prod' }], bindings }, options);
  client.destroy();
}

async function measureRun(endpoints: Readonly<Record<string, string>>, counts: Counts): Promise<Measured> {
  counts.take();
  const started = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      ...process.env,
      ...endpoints,
      COUNTERSIGN_TABLE: table,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: functionKey.id,
      AWS_SECRET_ACCESS_KEY: functionKey.secret,
      // Lambda sets it to the function's memory: the heap stays within it.
      NODE_OPTIONS: `--max-old-space-size=${functionMemory}`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let lines = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (lines += text));
  await once(child, 'close');
  const last = lines.trimEnd().split('\n').at(-1) ?? '';
  const ended = v.safeParse(Ended, last === '' ? undefined : JSON.parse(last));
  if (!ended.success) throw new Error(`The group sync has failed: ${lines}`);
  return {
    milliseconds: performance.now() - started,
    memory: ended.output.memory,
    calls: counts.take(),
  };
}

type Runs = Readonly<Record<'first' | 'second' | 'third', Measured>>;

const count = (run: Measured, what: string): number => run.calls.get(what) ?? 0;

/** A figure that must not exceed the least possible. */
const held = (name: string, figure: number, minimum: number): Row => ({
  name,
  time: figure.toLocaleString('en'),
  // If the least is nothing, anything is too much.
  ratio: minimum === 0 ? figure + 1 : figure / minimum,
  of: `the least possible, ${minimum.toLocaleString('en')}`,
  limit: 1,
});

const rowsOf = (organization: LargeOrganization, runs: Runs): Row[] => [
  ...callRows(organization, runs),
  ...processRows(runs),
];

function callRows({ least, bindings }: LargeOrganization, { first, second, third }: Runs): Row[] {
  const scopes = new Set(bindings.map(({ scope }) => scope)).size;
  // In both accounts: each user has one grant, and it changes.
  const changed = 2 * moved;
  const rewritten = count(second, 'put PRINCIPAL') + count(second, 'put CHANGES');
  // For its scopes, and for each hundred grants an announcement and the progress.
  const own = 5 + scopes + 2 * (least.grants / 100);
  return [
    held(
      `group sync of ${bindings.length} bindings: calls of GetGroup`,
      count(first, 'GetGroup'),
      least.getGroup,
    ),
    held('calls of AssumeRole', count(first, 'AssumeRole'), least.assumeRole),
    held('first run: grants written', count(first, 'put PRINCIPAL'), least.grants),
    held('first run: change records written', count(first, 'put CHANGES'), least.grants),
    held('second run: grants and change records written', rewritten, 0),
    held(`third run, ${changed} users moved: grants written`, count(third, 'put PRINCIPAL'), changed),
    held('first run: writes of its own', count(first, 'put SYNC'), own),
    held('second run: writes of its own (its lease, its record)', count(second, 'put SYNC'), 5),
  ];
}

function processRows({ first, second, third }: Runs): Row[] {
  const seconds = (run: Measured): string => `${(run.milliseconds / 1000).toFixed(1)} s`;
  const peak = Math.max(first.memory, second.memory, third.memory);
  return [
    {
      name: 'first run, whole process',
      time: seconds(first),
      ratio: first.milliseconds / second.milliseconds,
      of: `the second run, ${seconds(second)}`,
      limit: undefined,
    },
    {
      name: 'peak memory of the function',
      time: `${peak.toFixed(0)} MB`,
      ratio: peak / functionMemory,
      of: `its ${functionMemory} MB`,
      limit: 1,
    },
  ];
}
