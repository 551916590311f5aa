/** The adapter against a stand-in that speaks the EC2 and STS query protocols over loopback HTTP. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEc2InstanceReader } from '../../../../lib/resolve/ec2/instance-names-ec2.ts';
import { lazyEc2InstanceReader } from '../../../../lib/resolve/ec2/instance-names-lazy.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Call {
  readonly action: string;
  readonly parameters: URLSearchParams;
  /** The access key that signed. */
  readonly signer: string;
}

const id = 'i-0123456789abcdef0';
const question = { instanceId: id, accountId: '111122223333', partition: 'aws' } as const;
const region = 'eu-central-1';
const readerRoleArn = 'arn:aws:iam::111122223333:role/CountersignEc2Reader';

let server: Server;
let calls: Call[];
let answers: Record<string, () => Answer | undefined>;

beforeEach(async () => {
  calls = [];
  answers = {};
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const parameters = new URLSearchParams(body);
      const action = parameters.get('Action') ?? '';
      const [, signer = ''] = /Credential=([A-Z0-9]+)\//.exec(request.headers.authorization ?? '') ?? [];
      calls.push({ action, parameters, signer });
      const answer = answers[action]?.();
      if (answer === undefined) request.socket.destroy();
      else response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIADEMOEC2000000001');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'demo-secret-ec');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const instance = (fields: string, instanceId = id): string =>
  `<item><instanceId>${instanceId}</instanceId>${fields}</item>`;
const complete =
  '<instanceState><code>16</code><name>running</name></instanceState><privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName>' +
  '<iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/x/Node</arn><id>AIPAEXAMPLE</id></iamInstanceProfile>';
const described = (...reservations: readonly string[]): (() => Answer) => {
  const items = reservations.map(
    (instances) =>
      `<item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId><instancesSet>${instances}</instancesSet></item>`,
  );
  const body = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>q</requestId><reservationSet>${items.join('')}</reservationSet></DescribeInstancesResponse>`;
  return () => ({ status: 200, body });
};
const refused = (status: number, code: string): (() => Answer) => {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors><RequestID>q</RequestID></Response>`;
  return () => ({ status, body });
};
const read = async (settings: { readonly readerRoleArn?: string } = {}) =>
  createEc2InstanceReader({ region, ...settings }).readInstance(question, new AbortController().signal);

describe('an instance of EC2', () => {
  test('is requested by its id, and read in full', async () => {
    answers['DescribeInstances'] = described(instance(complete, 'i-0123456789abcdef1'), instance(complete));
    expect(await read()).toEqual({
      ok: true,
      value: {
        instanceId: id,
        accountId: '111122223333',
        state: 'running',
        instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/x/Node',
        privateDnsName: 'ip-10-0-0-1.ec2.internal',
      },
    });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ action: 'DescribeInstances', signer: 'AKIADEMOEC2000000001' });
    expect(calls[0]?.parameters.get('InstanceId.1')).toBe(id);
  });

  test('is undefined in every field that EC2 leaves out', async () => {
    answers['DescribeInstances'] = described(instance(''));
    expect(await read()).toMatchObject({
      ok: true,
      value: { state: 'in no known state', instanceProfileArn: undefined, privateDnsName: undefined },
    });
  });

  test.each([
    ['it does not know it', refused(400, 'InvalidInstanceID.NotFound')],
    ['it answers with none', described()],
    ['it answers with another', described(instance(complete, 'i-0123456789abcdef1'))],
  ])('does not exist if EC2 answers %s', async (_name, answer) => {
    answers['DescribeInstances'] = answer;
    expect(await read()).toEqual({ ok: true, value: undefined });
  });

  test.each([
    ['it may not be asked', refused(403, 'UnauthorizedOperation'), 'UnauthorizedOperation'],
    ['it throttles', refused(503, 'RequestLimitExceeded'), 'RequestLimitExceeded'],
    [
      'it takes the id for another thing',
      refused(400, 'InvalidInstanceID.Malformed'),
      'InvalidInstanceID.Malformed',
    ],
  ])('is unavailable if EC2 answers %s', async (_name, answer, cause) => {
    answers['DescribeInstances'] = answer;
    expect(await read()).toMatchObject({
      ok: false,
      failure: { outcome: 'unavailable', code: 'ec2_unavailable', data: { cause } },
    });
  });

  test.each([
    ['it hangs up', () => undefined],
    ['it answers with something else', () => ({ status: 200, body: 'hello' })],
    ['it fails', refused(500, 'InternalError')],
  ])('is unavailable, or does not exist, if EC2 answers %s', async (_name, answer) => {
    answers['DescribeInstances'] = answer;
    const result = await read();
    expect(result.ok && result.value !== undefined).toBe(false);
  });

  test('is unavailable after its deadline', async () => {
    const reader = createEc2InstanceReader({ region });
    expect(await reader.readInstance(question, AbortSignal.abort())).toMatchObject({
      failure: { code: 'ec2_unavailable' },
    });
    expect(calls).toEqual([]);
  });
});

describe('a reader role', () => {
  const assumedRole = (credentials: string): (() => Answer) => {
    const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`;
    return () => ({ status: 200, body });
  };
  const credentials = (more = ''): string =>
    `<Credentials><AccessKeyId>ASIADEMOREADER000001</AccessKeyId><SecretAccessKey>demo-secret-reader</SecretAccessKey><SessionToken>demo-session</SessionToken>${more}</Credentials>`;

  test('is assumed once, and reads the instances', async () => {
    answers['AssumeRole'] = assumedRole(credentials('<Expiration>2099-01-01T00:00:00Z</Expiration>'));
    answers['DescribeInstances'] = described(instance(complete));
    const reader = createEc2InstanceReader({ region, readerRoleArn });
    const { signal } = new AbortController();
    await reader.readInstance(question, signal);
    expect(await reader.readInstance(question, signal)).toMatchObject({ ok: true });
    expect(calls.map(({ action, signer }) => [action, signer])).toEqual([
      ['AssumeRole', 'AKIADEMOEC2000000001'],
      ['DescribeInstances', 'ASIADEMOREADER000001'],
      ['DescribeInstances', 'ASIADEMOREADER000001'],
    ]);
    expect(calls[0]?.parameters.get('RoleArn')).toBe(readerRoleArn);
  });

  test('is accepted with credentials that do not expire', async () => {
    answers['AssumeRole'] = assumedRole(credentials());
    answers['DescribeInstances'] = described(instance(complete));
    expect(await read({ readerRoleArn })).toMatchObject({ ok: true });
  });

  test.each([
    ['refused', refused(403, 'AccessDenied')],
    ['answered without credentials', assumedRole('')],
  ])('makes the instance unavailable if it is %s', async (_name, answer) => {
    answers['AssumeRole'] = answer;
    expect(await read({ readerRoleArn })).toMatchObject({ failure: { code: 'ec2_unavailable' } });
    expect(calls.map(({ action }) => action)).not.toContain('DescribeInstances');
  });
});

describe('lazyEc2InstanceReader', () => {
  const { signal } = new AbortController();

  test('the lazy reader answers as the adapter', async () => {
    answers['DescribeInstances'] = described(instance(complete));
    const reader = lazyEc2InstanceReader({ region });
    expect(await reader.readInstance(question, signal)).toMatchObject({
      ok: true,
      value: { instanceId: id },
    });
  });

  test('a failed load is not kept', async () => {
    const reader = lazyEc2InstanceReader({
      get region(): string {
        if (calls.length === 0) throw new Error('not yet');
        return region;
      },
    });
    expect(await reader.readInstance(question, signal)).toMatchObject({
      failure: { code: 'ec2_unavailable', data: { cause: 'the EC2 client could not be loaded' } },
    });
    calls.push({ action: '', parameters: new URLSearchParams(), signer: '' });
    answers['DescribeInstances'] = described(instance(complete));
    expect(await reader.readInstance(question, signal)).toMatchObject({ ok: true });
  });
});
