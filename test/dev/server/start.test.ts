import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../../dev/server/dynamodb.ts';
import { startDev, type DevOptions, type RunningDev } from '../../../dev/server/start.ts';

const options: DevOptions = {
  port: 0,
  awsPort: 0,
  dataDirectory: undefined,
  fixture: undefined,
  sts: 'local',
  dynamodbEndpoint: undefined,
};
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(changed: Partial<DevOptions> = {}, said: string[] = []): Promise<RunningDev> {
  const running = await startDev(
    { ...options, ...changed },
    { env: {}, clock: Date.now, print: (line) => said.push(line), onProgress: () => {} },
  );
  closers.push(() => running.close());
  return running;
}

describe('startDev', () => {
  test('logs in before it reports that it is ready', async () => {
    const said: string[] = [];
    const { loggedIn, url, awsUrl } = await start({}, said);
    expect(loggedIn).toBe('alice enters demo as alice, groups developers');
    expect(said).toContain('token-review demo: arn:aws:iam::111122223333:user/alice enters as alice');
    expect([url, awsUrl]).toStrictEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ]);
  });

  test('closes everything, and can be started again on the same port', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await first.close();
    await expect(fetch(first.url)).rejects.toThrow('fetch failed');
    const second = await start({ port });
    expect(second.url).toBe(first.url);
  });

  test('fills a DynamoDB of this machine exactly once, and leaves it running', async () => {
    const dynamodb = await startDynamoDb();
    closers.push(() => dynamodb.close());
    const said: string[] = [];
    const first = await start({ dynamodbEndpoint: dynamodb.endpoint }, said);
    await first.close();
    const second = await start({ dynamodbEndpoint: dynamodb.endpoint }, said);
    expect(second.loggedIn).toBe('alice enters demo as alice, groups developers');
    expect(said.filter((line) => line.includes('were not used'))).toHaveLength(1);
  });

  test.each([
    ['https://127.0.0.1:8000'],
    ['http://dynamodb.eu-west-1.amazonaws.com'],
    ['http://127.0.0.1.example.com:8000'],
    ['http://user@127.0.0.1:8000'],
    ['127.0.0.1:8000'],
  ])('refuses a DynamoDB that is not on this machine: %s', async (dynamodbEndpoint) => {
    await expect(start({ dynamodbEndpoint })).rejects.toThrow(
      '--dynamodb-endpoint must be an http URL of this machine',
    );
  });

  test.each([
    ['port', '--port'],
    ['awsPort', '--aws-port'],
  ] as const)('names the flag of a %s in use: %s', async (name, flag) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => {
      taken.once('listening', resolve);
    });
    const { port } = taken.address() as AddressInfo;
    await expect(start({ [name]: port })).rejects.toThrow(
      `Port ${port} is in use: choose another with ${flag}, or 0 for any free port.`,
    );
    taken.close();
  });

  test('starts no stand-in and tries no login with --sts aws', async () => {
    expect(await start({ sts: 'aws' })).toMatchObject({
      awsUrl: undefined,
      login: undefined,
      loggedIn: undefined,
    });
  });
});
