/**
 * The artifacts as they go to AWS: packaged, unpacked into an empty folder, and called as Lambda calls them. CI runs
 * this on Node.js 24 as well. What they call of AWS is held against what their roles allow.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createAwsServer } from '../../dev/stand-ins/server.ts';
import { demoFixture, parseFixture } from '../../dev/fixture/read.ts';
import { listen } from '../../dev/server/listen.ts';
import { fillTable, openTable, tableName } from '../../dev/server/table.ts';
import type { OpenTable } from '../../dev/server/table.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import { instanceId, startRecorder } from './support/aws-recorder.ts';
import type { Recorder } from './support/aws-recorder.ts';
import { startFunction } from './support/function-process.ts';
import type { FunctionProcess } from './support/function-process.ts';
import { functionNames, prepare, render } from './support/render.ts';
import { statementsOf } from './support/template.ts';
import type { Template } from './support/template.ts';
import { unzip } from './support/unzip.ts';

type Name = (typeof functionNames)[number];
const roles = {
  'token-review': 'TokenReviewRole',
  whoami: 'WhoamiRole',
  admin: 'AdminRole',
  'group-sync': 'GroupSyncRole',
};
const region = 'us-east-1';
const admin = 'arn:aws:iam::111122223333:role/PlatformAdmin';
const alice = { accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'demo-secret-alice' };

/** The demo's accounts, and a role of nodes in it. */
function fixture() {
  const document = parse(readFileSync(demoFixture(), 'utf8'));
  const [account] = document.aws.accounts;
  account.roles.push({
    name: 'Nodes',
    id: 'AROADEMONODES00000001',
    trust: ['arn:aws:iam::111122223333:user/alice'],
  });
  document.mappings.push({
    scope: 'cluster/demo',
    principal: { arn: 'arn:aws:iam::111122223333:role/Nodes' },
    username: 'system:node:{{EC2PrivateDNSName}}',
    groups: ['system:nodes'],
  });
  const read = parseFixture('demo', stringify(document));
  if (!read.ok) throw new Error(read.failure.problem);
  return read.value;
}

let table: OpenTable;
let aws: Server;
let awsEndpoint: string;
let template: Template;
const folders: string[] = [];
const handlers = new Map<Name, { readonly folder: string; readonly handler: string }>();
const processes = new Map<Name, FunctionProcess>();
const recorders = new Map<Name, Recorder>();

beforeAll(async () => {
  const { accounts, ...records } = fixture();
  table = await openTable({ region, endpoint: undefined, directory: undefined });
  await fillTable(
    { accounts, ...records },
    { client: table.client, clock: Date.now, actor: 'test', onProgress: () => {} },
  );
  aws = createAwsServer({ accounts: () => accounts, now: Date.now });
  awsEndpoint = `http://127.0.0.1:${await listen(aws, 0, 'AWS')}`;
  unpackArtifacts();
  for (const name of functionNames) await start(name);
}, 180_000);

afterAll(async () => {
  for (const process of processes.values()) await process.close();
  for (const recorder of recorders.values()) recorder.close();
  aws.close().closeAllConnections();
  await table.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Each into a folder of its own, outside this repository and its node_modules. */
function unpackArtifacts(): void {
  if (!existsSync('dist/functions/admin')) throw new Error('There are no bundles: npm run build makes them.');
  const { directory, remove } = prepare();
  rmSync(join(directory, 'dist'), { recursive: true });
  cpSync('dist/functions', join(directory, 'dist', 'functions'), { recursive: true });
  const rendered = render(
    directory,
    'vpc-endpoint-ids=vpce-0123456789abcdef0',
    `admins={"${admin}":"admin"}`,
  );
  expect(rendered.output).toContain('Service packaged');
  template = rendered.template;
  for (const name of functionNames) {
    const folder = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
    folders.push(folder);
    const names = unzip(join(directory, '.serverless', `${name}.zip`), folder);
    expect(names.every((entry) => entry.startsWith(`dist/functions/${name}/`))).toBe(true);
    handlers.set(name, { folder, handler: `dist/functions/${name}/index.handler` });
  }
  remove();
}

/** The environment of the template, with AWS's part of it and the stand-ins' endpoints. */
async function start(name: Name): Promise<void> {
  const { folder, handler } = handlers.get(name)!;
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const { Properties } = functions.find(
    ({ Properties: { FunctionName } }) => FunctionName === `countersign-test-${name}`,
  )!;
  expect(Properties['Handler']).toBe(handler);
  const recorder = await startRecorder({ dynamodb: table.endpoint, aws: awsEndpoint });
  recorders.set(name, recorder);
  const settings = Object.entries(Properties['Environment'].Variables as Record<string, unknown>).map(
    ([key, value]) => [key, typeof value === 'string' ? value : 'https://review.example.com/test'],
  );
  const environment = {
    ...Object.fromEntries(settings),
    COUNTERSIGN_TABLE: tableName,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIADEMOCOUNTERSIGN1',
    AWS_SECRET_ACCESS_KEY: 'demo-secret-countersign',
    AWS_ENDPOINT_URL: recorder.endpoint,
    ...Object.fromEntries(
      ['STS', 'IAM', 'EC2', 'LAMBDA', 'DYNAMODB'].map((s) => [`AWS_ENDPOINT_URL_${s}`, recorder.endpoint]),
    ),
  };
  processes.set(name, await startFunction(folder, handler, environment));
}

interface HttpAnswer {
  readonly statusCode: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** An event of a REST API, as API Gateway sends it. */
async function send(
  name: Name,
  method: string,
  path: string,
  body?: unknown,
  bearer?: string,
): Promise<HttpAnswer> {
  const [pathname = '', query] = path.split('?');
  const answer = (await processes.get(name)!.invoke({
    resource: pathname,
    path: pathname,
    httpMethod: method,
    headers: {
      'Content-Type': 'application/json',
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    },
    queryStringParameters: query === undefined ? null : Object.fromEntries(new URLSearchParams(query)),
    requestContext: { stage: 'test', identity: { sourceIp: '10.0.0.1', userArn: sessionOf(admin) } },
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
  })) as { statusCode: number; body: string };
  return { statusCode: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

const sessionOf = (role: string): string =>
  `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/me`;
const tokenOf = (credentials: AwsCredentials): string =>
  generateToken({ clusterId: 'demo', region, credentials, now: Date.now() }).token;

/** The credentials that an instance gets from its role. */
async function nodeCredentials(): Promise<AwsCredentials> {
  const sts = new STSClient({ region, endpoint: awsEndpoint, credentials: alice });
  const { Credentials: found } = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/Nodes', RoleSessionName: instanceId }),
  );
  return {
    accessKeyId: found!.AccessKeyId!,
    secretAccessKey: found!.SecretAccessKey!,
    sessionToken: found!.SessionToken!,
  };
}

const review = (token: string): Promise<HttpAnswer> =>
  send(
    'token-review',
    'POST',
    '/v1/clusters/demo/tokenreviews',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
    'demo-webhook-token',
  );

describe('the packaged artifacts', () => {
  it('review a token', async () => {
    const { statusCode, body } = await review(tokenOf(alice));
    expect(statusCode).toBe(200);
    expect(body.status).toMatchObject({
      authenticated: true,
      user: { username: 'alice', groups: ['developers'] },
    });
  });

  it('review a node, whose name EC2 tells', async () => {
    const { body } = await review(tokenOf(await nodeCredentials()));
    expect(body.status).toMatchObject({
      authenticated: true,
      user: { username: 'system:node:ip-10-0-0-1.ec2.internal' },
    });
  });

  it('tell a token’s holder who they are', async () => {
    for (const credentials of [alice, await nodeCredentials()]) {
      const { statusCode, body } = await send(
        'whoami',
        'POST',
        '/v1/clusters/demo/whoami',
        {},
        tokenOf(credentials),
      );
      expect(statusCode).toBe(200);
      expect(body).toMatchObject({ clusterId: 'demo', outcome: 'verified' });
    }
  });

  it('answer admins: records are listed, changed, explained and read back', async () => {
    const mapping = {
      scope: 'cluster/staging',
      principal: { arn: 'arn:aws:iam::111122223333:role/Analyst' },
      username: 'analyst',
      groups: ['viewers'],
    };
    const created = await send('admin', 'POST', '/v1/mappings', mapping);
    expect(created).toMatchObject({ statusCode: 201, body: { username: 'analyst', version: 1 } });
    const route = `/v1/mappings/${created.body.id}`;
    expect(await send('admin', 'PUT', route, { ...mapping, groups: ['viewers', 'data'] })).toMatchObject({
      statusCode: 200,
      body: { version: 2 },
    });
    const list = await send('admin', 'GET', '/v1/mappings?scope=cluster/staging');
    expect(list.body.items.map(({ username }: { username: string }) => username)).toContain('analyst');
    expect((await send('admin', 'GET', '/v1/access?clusterId=staging')).statusCode).toBe(200);
    const explained = await send('admin', 'POST', '/v1/explain', {
      clusterId: 'staging',
      arn: mapping.principal.arn,
    });
    expect(explained.body).toMatchObject({ outcome: 'verified', username: 'analyst' });
    const changes = await send('admin', 'GET', '/v1/changes');
    expect(changes.body.items.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(changes.body)).toContain(sessionOf(admin));
  });

  it('sync IAM groups, of this account and of another, and start when an admin asks', async () => {
    const asked = await send('admin', 'POST', '/v1/group-sync/runs', {});
    expect(asked.statusCode).toBe(202);
    const run = (await processes.get('group-sync')!.invoke({})) as { state: string; written: number };
    expect(run).toMatchObject({ state: 'done' });
    expect(run.written).toBeGreaterThan(0);
    const erin = await send('admin', 'POST', '/v1/explain', {
      clusterId: 'staging',
      arn: 'arn:aws:iam::444455556666:user/erin',
      principalId: 'AIDADEMOERIN000000001',
    });
    expect(erin.body.groups).toContain('data-engineers');
  });
});

/** Done by AWS in the function's name, or only where a parameter asks for it: no call of the function itself. */
const doneByAws: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes what the function prints',
  'logs:PutLogEvents': 'Lambda writes what the function prints',
  'sqs:SendMessage': 'Lambda reports a lost asynchronous call to the queue',
};

describe('what the artifacts call of AWS', () => {
  const called = (name: Name): string[] => [...recorders.get(name)!.actions];
  const allowed = (name: Name) => statementsOf(template).filter(({ role }) => role === roles[name]);

  it.each(functionNames)('%s calls nothing that its role does not allow', (name) => {
    for (const call of called(name)) {
      const [action = '', resource = ''] = call.split(' ');
      const statements = allowed(name).filter(({ actions }) => actions.includes(action));
      expect(
        statements.some(({ resources }) => covers(resources, action, resource)),
        call,
      ).toBe(true);
    }
  });

  it.each(functionNames)('%s calls everything that its role allows', (name) => {
    const actions = new Set(allowed(name).flatMap(({ actions: all }) => all));
    const done = new Set(called(name).map((call) => call.split(' ')[0]));
    expect([...actions].filter((action) => !done.has(action) && doneByAws[action] === undefined)).toEqual([]);
  });
});

/** Whether a statement's resources hold what was called; the table's name in it is the deployment's. */
function covers(resources: readonly unknown[], action: string, resource: string): boolean {
  const text = resources.map((item) => JSON.stringify(item));
  if (action.startsWith('dynamodb:')) {
    const end = resource === 'table' ? ':table/countersign-test"' : `:table/countersign-test/${resource}"`;
    return text.some((item) => item.includes(end));
  }
  if (action === 'lambda:InvokeFunction') return text.some((item) => item.includes(`:function:${resource}"`));
  if (action === 'iam:GetGroup') return text.some((item) => item.includes(':group/*'));
  if (action === 'sts:AssumeRole') {
    return (
      text.some((item) => item.includes(':iam::*:role/CountersignGroupReader*')) &&
      /:role\/CountersignGroupReader/.test(resource)
    );
  }
  return text.includes('"*"');
}
