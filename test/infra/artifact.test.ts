/**
 * The artifacts as they go to AWS: packaged, unpacked into an empty folder, and called as Lambda calls them. CI runs
 * this on Node.js 24 as well. Their calls of AWS are compared with the permissions of their roles.
 */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateToken } from '../../lib/token/generate.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import { instanceId } from './support/aws-recorder.ts';
import { adminSession, region, startDeployment } from './support/deployment.ts';
import type { Deployment, FunctionName, HttpAnswer } from './support/deployment.ts';
import { functionNames } from './support/render.ts';
import { statementsOf } from './support/template.ts';

const roles = {
  'token-review': 'TokenReviewRole',
  whoami: 'WhoamiRole',
  admin: 'AdminRole',
  'group-sync': 'GroupSyncRole',
};
const alice = { accessKeyId: 'AKIADEMOALICE0000001', secretAccessKey: 'demo-secret-alice' };

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
}, 180_000);
afterAll(() => deployment?.close());

const send: Deployment['send'] = (...request) => deployment.send(...request);
const tokenOf = (credentials: AwsCredentials): string =>
  generateToken({ clusterId: 'demo', region, credentials, now: Date.now() }).token;

/** The credentials that an instance gets from its role. */
async function nodeCredentials(): Promise<AwsCredentials> {
  const sts = new STSClient({ region, endpoint: deployment.awsEndpoint, credentials: alice });
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
  test('token-review authenticates a user by a token', async () => {
    const { statusCode, body } = await review(tokenOf(alice));
    expect(statusCode).toBe(200);
    expect(body.status).toMatchObject({
      authenticated: true,
      user: { username: 'alice', groups: ['developers'] },
    });
  });

  test('token-review names a node by the DNS name that EC2 reports', async () => {
    const { body } = await review(tokenOf(await nodeCredentials()));
    expect(body.status).toMatchObject({
      authenticated: true,
      user: { username: 'system:node:ip-10-0-0-1.ec2.internal' },
    });
  });

  test('whoami tells the holder of a token who they are', async () => {
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

  test('admin creates, updates, lists and explains a mapping, and logs its changes', async () => {
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
    expect(JSON.stringify(changes.body)).toContain(adminSession);
  });

  test('group-sync starts on an admin’s request and syncs IAM groups of this account and of another', async () => {
    const asked = await send('admin', 'POST', '/v1/group-sync/runs', {});
    expect(asked.statusCode).toBe(202);
    const run = (await deployment.invoke('group-sync', {})) as { state: string; written: number };
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

/** Permissions that Lambda itself uses, with its purpose: the function makes no such call. */
const doneByAws: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes what the function prints',
  'logs:PutLogEvents': 'Lambda writes what the function prints',
  'sqs:SendMessage': 'Lambda reports a lost asynchronous call to the queue',
};

describe('calls of AWS', () => {
  const called = (name: FunctionName): string[] => deployment.calledBy(name);
  const allowed = (name: FunctionName) =>
    statementsOf(deployment.template).filter(({ role }) => role === roles[name]);

  test.each(functionNames)('the %s artifact calls nothing that its role does not allow', (name) => {
    for (const call of called(name)) {
      const [action = '', resource = ''] = call.split(' ');
      const statements = allowed(name).filter(({ actions }) => actions.includes(action));
      expect(
        statements.some(({ resources }) => covers(resources, action, resource)),
        call,
      ).toBe(true);
    }
  });

  test.each(functionNames)('the %s artifact calls everything that its role allows', (name) => {
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
