/** The packaged functions, unpacked and running, with the stand-ins of AWS behind them and a recorder before each. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { createAwsServer } from '../../../dev/stand-ins/server.ts';
import { demoFixture, parseFixture } from '../../../dev/fixture/read.ts';
import { listen } from '../../../dev/server/listen.ts';
import { startDynamoDb } from '../../../dev/server/dynamodb.ts';
import { fillTable, openTable, tableName } from '../../../dev/server/table.ts';
import { startRecorder } from './aws-recorder.ts';
import { startFunction } from './function-process.ts';
import { functionNames, prepare, render } from './render.ts';
import type { Template } from './template.ts';
import { unzip } from './unzip.ts';

export type FunctionName = (typeof functionNames)[number];
export const region = 'us-east-1';
export const admin = 'arn:aws:iam::111122223333:role/PlatformAdmin';
export const adminSession = 'arn:aws:sts::111122223333:assumed-role/PlatformAdmin/me';

export interface HttpAnswer {
  readonly statusCode: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Deployment {
  readonly template: Template;
  /** Of STS, for clients of the test's own. */
  readonly awsEndpoint: string;
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** Sends an event of a REST API, as API Gateway does; a query may follow the path. */
  send(
    name: FunctionName,
    method: string,
    path: string,
    body?: unknown,
    bearer?: string,
  ): Promise<HttpAnswer>;
  /** What a function has called of AWS so far, as `service:Action resource`. */
  calledBy(name: FunctionName): string[];
  close(): Promise<void>;
}

/** The demo's fixture, with a role for nodes. */
function demoWithNodes() {
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

interface Artifact {
  readonly folder: string;
  /** As in the template: `dist/functions/admin/index.handler`. */
  readonly handler: string;
}

/** Unpacks each artifact into a folder of its own, outside this repository and its node_modules. */
function unpackArtifacts(): { readonly template: Template; readonly artifacts: Map<FunctionName, Artifact> } {
  if (!existsSync('dist/functions/admin')) throw new Error('There are no bundles. Run npm run build first.');
  const { directory, remove } = prepare();
  rmSync(join(directory, 'dist'), { recursive: true });
  cpSync('dist/functions', join(directory, 'dist', 'functions'), { recursive: true });
  const { output, template } = render(
    directory,
    'vpc-endpoint-ids=vpce-0123456789abcdef0',
    `admins={"${admin}":"admin"}`,
  );
  expect(output).toContain('Service packaged');
  const artifacts = new Map<FunctionName, Artifact>();
  for (const name of functionNames) {
    const folder = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
    artifacts.set(name, { folder, handler: `dist/functions/${name}/index.handler` });
    const entries = unzip(join(directory, '.serverless', `${name}.zip`), folder);
    expect(entries.every((entry) => entry.startsWith(`dist/functions/${name}/`))).toBe(true);
  }
  remove();
  return { template, artifacts };
}

/** The environment of the template, with AWS's part of it and the recorder as every service's endpoint. */
function environmentOf(template: Template, name: FunctionName, endpoint: string): Record<string, string> {
  const variables = functionIn(template, name)['Environment'].Variables as Record<string, unknown>;
  const settings = Object.entries(variables).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : 'https://review.example.com/test',
  ]);
  const services = ['STS', 'IAM', 'EC2', 'LAMBDA', 'DYNAMODB'];
  return {
    ...Object.fromEntries(settings),
    COUNTERSIGN_TABLE: tableName,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIADEMOCOUNTERSIGN1',
    AWS_SECRET_ACCESS_KEY: 'demo-secret-countersign',
    AWS_ENDPOINT_URL: endpoint,
    ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpoint])),
  };
}

const functionIn = (template: Template, name: FunctionName) =>
  Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties['FunctionName'] === `countersign-test-${name}`,
  )!.Properties;

export async function startDeployment(): Promise<Deployment> {
  const { template, artifacts } = unpackArtifacts();
  const { accounts, ...records } = demoWithNodes();
  // Each function has credentials of its own, and the table of `dev` accepts only those of its server.
  const dynamodb = await startDynamoDb();
  const table = await openTable({ region, endpoint: dynamodb.endpoint, directory: undefined });
  await fillTable(
    { accounts, ...records },
    { client: table.client, clock: Date.now, actor: 'test', onProgress: () => {} },
  );
  const aws = createAwsServer({ accounts: () => accounts, now: Date.now });
  const awsEndpoint = `http://127.0.0.1:${await listen(aws, 0, 'AWS')}`;
  const start = async (name: FunctionName) => {
    const { folder, handler } = artifacts.get(name)!;
    expect(functionIn(template, name)['Handler']).toBe(handler);
    const recorder = await startRecorder({ dynamodb: table.endpoint, aws: awsEndpoint });
    const environment = environmentOf(template, name, recorder.endpoint);
    return { recorder, process: await startFunction(folder, handler, environment) };
  };
  const running = new Map<FunctionName, Awaited<ReturnType<typeof start>>>();
  for (const name of functionNames) running.set(name, await start(name));
  const invoke = async (name: FunctionName, event: unknown) => running.get(name)!.process.invoke(event);
  return {
    template,
    awsEndpoint,
    invoke,
    async send(name, method, path, body, bearer) {
      const answer = await invoke(name, restEvent(method, path, body, bearer));
      const { statusCode, body: text } = answer as { statusCode: number; body: string };
      return { statusCode, body: text === '' ? undefined : JSON.parse(text) };
    },
    calledBy: (name) => [...running.get(name)!.recorder.actions],
    async close() {
      for (const { process, recorder } of running.values()) {
        await process.close();
        recorder.close();
      }
      aws.close().closeAllConnections();
      await table.close();
      await dynamodb.close();
      for (const { folder } of artifacts.values()) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function restEvent(method: string, path: string, body: unknown, bearer: string | undefined): object {
  const [pathname = '', query] = path.split('?');
  return {
    resource: pathname,
    path: pathname,
    httpMethod: method,
    headers: {
      'Content-Type': 'application/json',
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
    },
    queryStringParameters: query === undefined ? null : Object.fromEntries(new URLSearchParams(query)),
    requestContext: { stage: 'test', identity: { sourceIp: '10.0.0.1', userArn: adminSession } },
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
  };
}
