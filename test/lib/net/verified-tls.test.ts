/** Every client of HTTPS refuses a server that only claims to be AWS, or an API of ours, even if the environment switches the check off. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { assumeRole } from '../../../cli/aws/assume-role.ts';
import { searchPlace } from '../../../cli/aws/provider-chain.ts';
import { send } from '../../../cli/http.ts';
import { createStartSync } from '../../../lib/admin/start-sync.ts';
import { createHttpClient } from '../../../lib/net/http-client.ts';
import { isTlsUnverified } from '../../../lib/net/verified-tls.ts';
import { createEc2InstanceReader } from '../../../lib/resolve/ec2/instance-names-ec2.ts';
import { createDynamoDbClient, createTableClient } from '../../../lib/store/dynamodb/table-client.ts';
import { createReviewReader } from '../../../lib/store/review/dynamodb-http.ts';
import { createIamReader } from '../../../lib/sync/iam.ts';
import { createStsTransport } from '../../../lib/token/sts.ts';
import { readSources } from '../../../scripts/code/sources.mjs';
import { request } from '../../fuzz/sts-answer-data.ts';

let server: Server;
let origin: string;
let received = 0;
beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
  });
  server = createServer({ key, cert }, (_, response) => {
    received += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const region = 'eu-central-1';
const keys = { accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'demo-secret-alice' };
const instance = { instanceId: 'i-0123456789abcdef0', accountId: '111122223333', partition: 'aws' } as const;
const signal = new AbortController().signal;
const iamGroup = 'arn:aws:iam::111122223333:group/dev';
const readerRoleArn = 'arn:aws:iam::111122223333:role/CountersignGroupReader';
const credentials = () => Promise.resolve(keys);
const get = { method: 'GET', headers: {}, body: undefined };

beforeEach(() => {
  received = 0;
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  vi.stubEnv('AWS_ENDPOINT_URL', origin);
});

const clients: readonly (readonly [name: string, call: () => Promise<unknown>])[] = [
  [
    'the HTTP client',
    () =>
      createHttpClient({ keepAlive: false })({
        ...get,
        origin: new URL(origin),
        path: '/',
        timeoutMilliseconds: 5000,
        maximumAnswerBytes: 100,
      }),
  ],
  ['STS, for a token', () => createStsTransport({ endpoint: origin, reach: 'all' })(request, 'demo')],
  [
    'DynamoDB, for a review',
    () =>
      createReviewReader({
        table: 't',
        region,
        endpoint: origin,
        credentials,
        clock: Date.now,
        random: () => 0,
      }).readCluster('demo', signal),
  ],
  [
    'DynamoDB, for the admin API, the group sync and the development server',
    () =>
      createTableClient(
        createDynamoDbClient({ region, dynamodbEndpoint: origin, credentials: keys }),
        't',
      ).get({ pk: 'a', sk: 'b' }),
  ],
  ['IAM, for the group sync', () => createIamReader({ region, endpoint: origin })({ iamGroup })],
  [
    'STS, for a reader role of the group sync',
    () => createIamReader({ region, endpoint: origin })({ iamGroup, readerRoleArn }),
  ],
  [
    'Lambda, for a run of the group sync',
    () => createStartSync({ region, functionName: 'f' })({ runId: 'r', requestedBy: 'x' } as never),
  ],
  ['EC2, for a node', () => createEc2InstanceReader({ region }).readInstance(instance, signal)],
  [
    'STS, for the reader role of EC2',
    () => createEc2InstanceReader({ region, readerRoleArn }).readInstance(instance, signal),
  ],
  [
    'the admin API and whoami, for the command line',
    () => send({ ...get, url: new URL(origin), timeoutMs: 5000 }),
  ],
  [
    'STS, for a role of the command line',
    () =>
      assumeRole(keys, { roleArn: readerRoleArn, region, session: { kind: 'named', name: 'x' } } as never),
  ],
];

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  test.each(clients)('does not switch off the check of a certificate of %s', async (_, call) => {
    await call().catch(() => undefined);
    expect(received).toBe(0);
  });

  test('is refused if the AWS SDK searches for credentials, since some of its clients accept no options', async () => {
    const options = { region, askMfa: () => Promise.resolve('') };
    for (const place of [
      { kind: 'chain', profile: 'default' },
      { kind: 'profile', profile: 'default' },
      { kind: 'host', credentialSource: 'EcsContainer' },
    ] as const) {
      await expect(searchPlace(place, options)).rejects.toThrow('NODE_TLS_REJECT_UNAUTHORIZED is 0');
    }
  });

  test.each([
    ['0', true],
    ['1', false],
    ['', false],
    ['00', false],
    [undefined, false],
  ])('means that certificates are not checked if it is %j: %j', (value, expected) => {
    expect(isTlsUnverified({ NODE_TLS_REJECT_UNAUTHORIZED: value })).toBe(expected);
  });
});

test('every file that creates a client of the AWS SDK has it check certificates', () => {
  const creating = readSources()
    .map(({ path }) => path)
    .filter((path) => /^(?:lib|cli|functions|dev)\//.test(path))
    .map((path) => [path, readFileSync(path, 'utf8')] as const)
    .filter(([, text]) => /new [A-Z]\w*Client\(|clientConfig:/.test(text) && text.includes('@aws-sdk/'));
  expect(creating.map(([path]) => path).length).toBeGreaterThan(4);
  const unchecked = creating.filter(([, text]) => {
    const created = [...text.matchAll(/new [A-Z]\w*Client\(|clientConfig:/g)].length;
    return created > 0 && !text.includes('verifiedRequestHandler');
  });
  expect(unchecked.map(([path]) => path)).toEqual([]);
});
