/** Tokens of static credentials, with and without the cache. */
import { expect, test } from 'vitest';
import { obtainToken } from '../../../cli/token/obtain.ts';
import { tokenRequest } from '../../../cli/token/request.ts';
import type { TokenRequest } from '../../../cli/token/request.ts';
import { createInput } from '../../../cli/input.ts';
import { writeSharedFiles } from '../../fixtures/aws-shared-files.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const request: TokenRequest = {
  clusterId: 'demo',
  roleArn: undefined,
  externalId: undefined,
  session: undefined,
  region: 'eu-west-1',
  mfaSerial: undefined,
  useCache: true,
};
const start = Date.UTC(2026, 0, 2);

function environment() {
  const env: Record<string, string> = {
    ...writeSharedFiles(''),
    COUNTERSIGN_CACHE_DIR: scratchFolder(),
    AWS_ACCESS_KEY_ID: 'AKIADEMOALICE0000001',
    AWS_SECRET_ACCESS_KEY: 'demo-secret-alice',
  };
  const clock = { now: start };
  return { env, clock, around: { env, terminal: quietTerminal(), now: () => clock.now } };
}

test('a token is taken from the cache until two minutes before it expires, then replaced', async () => {
  const { around, clock } = environment();
  const first = await obtainToken(request, around);
  expect(first.expiresAt).toBe(start + 14 * 60_000);
  clock.now = first.expiresAt - 120_001;
  expect(await obtainToken(request, around)).toEqual(first);
  clock.now = first.expiresAt - 120_000;
  expect(await obtainToken(request, around)).not.toEqual(first);
});

test.each<[string, Partial<TokenRequest>, Record<string, string>]>([
  ['another cluster', { clusterId: 'other' }, {}],
  ['another region', { region: 'eu-west-2' }, {}],
  ['another access key', {}, { AWS_ACCESS_KEY_ID: 'AKIADEMOBOB000000001' }],
  ['another profile', {}, { AWS_PROFILE: 'work' }],
  ['another default session name', {}, { AWS_ROLE_SESSION_NAME: 'alice' }],
  ['another session name', { session: { name: 'forward' } }, {}],
  ['another MFA device', { mfaSerial: 'arn:aws:iam::111122223333:mfa/alice' }, {}],
  ['another external id', { externalId: 'x' }, {}],
  ['another secret', {}, { AWS_SECRET_ACCESS_KEY: 'corrected' }],
  ['another session token', {}, { AWS_SESSION_TOKEN: 'x' }],
  ['another endpoint of STS', {}, { AWS_ENDPOINT_URL_STS: 'https://sts.example.com' }],
  ['--no-cache', { useCache: false }, {}],
])('a cached token is not used for %s', async (_, change, variables) => {
  const { env, around, clock } = environment();
  const first = await obtainToken(request, around);
  clock.now += 1000;
  Object.assign(env, variables);
  expect(await obtainToken({ ...request, ...change }, around)).not.toEqual(first);
});

test('a region that does not exist is refused, naming how to set another', async () => {
  const { around } = environment();
  await expect(obtainToken({ ...request, region: 'nowhere' }, around)).rejects.toThrow(
    'There is no AWS region nowhere: set another with --region or AWS_REGION.',
  );
});

test.each([
  [{}, undefined],
  [{ sessionName: 'alice' }, { name: 'alice' }],
  [{ forwardSessionName: true }, 'forward'],
] as const)('the options %j request the session %j', (options, session) => {
  expect(tokenRequest({ input: createInput({ clusterId: 'demo', ...options }, []) }).session).toEqual(
    session,
  );
});
