/** The guard of every server that `countersign dev` opens, by real HTTP. */
import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../../dev/server/dynamodb.ts';
import { startDev } from '../../../dev/server/start.ts';
import { openTable } from '../../../dev/server/table.ts';

const servers: { dev: string; aws: string; table: string; openedTable: string } = {
  dev: '',
  aws: '',
  table: '',
  openedTable: '',
};
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const table = await startDynamoDb();
  const opened = await openTable({ region: 'us-east-1', endpoint: undefined, directory: undefined });
  const dev = await startDev(
    {
      port: 0,
      awsPort: 0,
      dataDirectory: undefined,
      fixture: undefined,
      sts: 'local',
      dynamodbEndpoint: undefined,
    },
    { env: {}, clock: Date.now, print: () => {}, onProgress: () => {} },
  );
  closers.push(
    () => table.close(),
    () => opened.close(),
    () => dev.close(),
  );
  Object.assign(servers, {
    dev: dev.url,
    aws: dev.awsUrl,
    table: table.endpoint,
    openedTable: opened.endpoint,
  });
});
afterAll(() => Promise.all(closers.map((close) => close())));

interface Answer {
  readonly status: number | undefined;
  readonly names: readonly string[];
  readonly body: string;
}

function ask(url: string, method: string, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, names: Object.keys(response.headers), body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const listTables = {
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    'AWS4-HMAC-SHA256 Credential=x/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20261122T120000Z',
};
const all = ['dev', 'aws', 'table', 'openedTable'] as const;

describe.each(all)('the server of dev called %s', (name) => {
  test.each([
    ['a web page', { origin: 'https://evil.example' }],
    ['a page without an Origin: an image or a link', { 'sec-fetch-site': 'cross-site' }],
    ['a page that has rebound its host name', { host: 'evil.example' }],
  ])('answers nothing to %s', async (_, headers) => {
    for (const method of ['GET', 'POST'] as const) {
      const sent = { ...listTables, ...headers };
      const answer = await ask(servers[name], method, sent, method === 'POST' ? '{}' : undefined);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatch(/"code":"(?:origin|host)_refused"/);
      expect(answer.names.filter((each) => each.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('allows nothing to a preflight', async () => {
    const answer = await ask(servers[name], 'OPTIONS', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-amz-target,content-type,authorization',
    });
    expect(answer.status).toBe(403);
    expect(answer.names.filter((each) => each.startsWith('access-control-'))).toEqual([]);
  });

  test('refuses a body of a type that a form can send without a preflight', async () => {
    const headers = { ...listTables, 'content-type': 'text/plain' };
    expect(await ask(servers[name], 'POST', headers, '{}')).toMatchObject({ status: 415 });
  });
});

test('the table of dev answers only to the key of its own server', async () => {
  expect(await ask(servers.openedTable, 'POST', listTables, '{}')).toMatchObject({
    status: 403,
    body: expect.stringContaining('credential_refused'),
  });
  expect(await ask(servers.table, 'POST', listTables, '{}')).toMatchObject({ status: 200 });
});

test('the stand-ins for AWS answer under the names of AWS', async () => {
  const answer = await ask(`${servers.aws}/?Action=GetCallerIdentity&Version=2011-06-15`, 'GET', {
    host: 'sts.eu-west-1.amazonaws.com',
  });
  expect(answer.body).toContain('MissingAuthenticationToken');
});
