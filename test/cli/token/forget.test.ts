/** After a refusal that `whoami`, `doctor` or `verify` sees, kubectl gets a new token, not the refused one again. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createInput } from '../../../cli/input.ts';
import { run as runDoctor } from '../../../cli/commands/doctor/doctor.ts';
import { run as runVerify } from '../../../cli/commands/verify/verify.ts';
import { run as runWhoami } from '../../../cli/commands/whoami/whoami.ts';
import type { Context, Run } from '../../../cli/spec.ts';
import { obtainToken } from '../../../cli/token/obtain.ts';
import { tokenRequest } from '../../../cli/token/request.ts';
import { answering } from '../../fixtures/admin-server.ts';
import { quietTerminal } from '../../fixtures/cli-terminal.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const mismatch = JSON.stringify({ Error: { Code: 'SignatureDoesNotMatch', Message: 'no' } });

/** What STS and the review host answer. */
interface Answers {
  readonly sts?: { readonly status: number; readonly body: string };
  readonly outcome?: 'verified' | 'denied' | 'unavailable';
}

async function contextFor({ sts, outcome }: Answers): Promise<Context> {
  const host = await answering((request, response) => {
    if (request.url?.includes('/whoami')) return void response.end(JSON.stringify({ outcome, code: 'c' }));
    response.writeHead(sts?.status ?? 500, { 'content-type': 'application/json' });
    response.end(sts?.body ?? '{}');
  });
  const options = {
    clusterId: 'demo',
    region: 'eu-west-1',
    reviewEndpoint: host,
    output: 'json',
    cache: true,
  };
  return {
    input: createInput(options, []),
    env: {
      COUNTERSIGN_CACHE_DIR: join(scratchFolder(), 'cache'),
      AWS_ENDPOINT_URL_STS: host,
      AWS_ACCESS_KEY_ID: 'AKIADEMOALICE0000001',
      AWS_SECRET_ACCESS_KEY: 'demo-secret-alice',
      KUBECONFIG: join(scratchFolder(), 'none'),
    },
    terminal: quietTerminal(),
    now: Date.now,
  };
}

/** Runs a command after `token`; returns how many tokens are cached then. */
async function cachedAfter(run: Run, answers: Answers): Promise<number> {
  const context = await contextFor(answers);
  const { token } = await obtainToken(tokenRequest(context), context);
  const input = createInput(
    {
      clusterId: 'demo',
      region: 'eu-west-1',
      reviewEndpoint: context.input.text('reviewEndpoint'),
      output: 'json',
      cache: true,
      token,
    },
    [],
  );
  await run({ ...context, input });
  return readdirSync(context.env['COUNTERSIGN_CACHE_DIR'] ?? '').length;
}

const alice = {
  Account: '111122223333',
  Arn: 'arn:aws:iam::111122223333:user/alice',
  UserId: 'AIDADEMOALICE00000001',
};
const accepted = {
  status: 200,
  body: JSON.stringify({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: alice,
      ResponseMetadata: { RequestId: '00000000-0000-0000-0000-000000000000' },
    },
  }),
};
const refused = { status: 403, body: mismatch };
const broken = { status: 500, body: '{}' };

test.each<[string, Run, Answers, number]>([
  ['whoami is refused', runWhoami, { outcome: 'denied' }, 0],
  ['whoami is answered', runWhoami, { outcome: 'verified' }, 1],
  ['whoami cannot be decided', runWhoami, { outcome: 'unavailable' }, 1],
  ['STS refuses the token to verify', runVerify, { sts: refused }, 0],
  ['STS does not answer verify', runVerify, { sts: broken }, 1],
  ['STS refuses the token of doctor', runDoctor, { sts: refused }, 0],
  ['the review host refuses the token of doctor', runDoctor, { sts: accepted, outcome: 'denied' }, 0],
  ['the review host accepts the token of doctor', runDoctor, { sts: accepted, outcome: 'verified' }, 1],
  ['STS does not answer doctor', runDoctor, { sts: broken }, 1],
])('the cached token of the caller is dropped only by a refusal: %s', async (_, run, answers, left) => {
  expect(await cachedAfter(run, answers)).toBe(left);
});
