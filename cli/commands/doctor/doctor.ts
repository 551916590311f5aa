import { describe } from '../../../lib/errors.ts';
import type { Failure } from '../../../lib/errors.ts';
import { partitionOfRegion } from '../../../lib/identity/partitions.ts';
import type { PartitionId } from '../../../lib/identity/partitions.ts';
import { createAdminClient, path } from '../../admin-client/client.ts';
import { findEndpoint } from '../../admin-client/endpoint.ts';
import { findCredentials } from '../../aws/credentials.ts';
import { resolveRegion } from '../../aws/region.ts';
import { checkCache } from './check-cache.ts';
import { checkClock } from './check-clock.ts';
import { checkKubeconfig } from './check-kubeconfig.ts';
import { broken, fine, skipped } from './finding.ts';
import type { Finding } from './finding.ts';
import { CliFailure, exitCodes, messageOf } from '../../exit.ts';
import { compact, textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { cell } from '../../terminal/cell.ts';
import { printValue } from '../../terminal/output.ts';
import { askWhoami, findReviewHost } from '../../review-host.ts';
import type { Context, Run } from '../../spec.ts';
import type { Style } from '../../terminal/terminal.ts';
import { obtainLogin } from '../../token/obtain.ts';
import { tokenRequest } from '../../token/request.ts';
import { credentialsFor } from '../../token/signer.ts';
import { verifyHere } from '../verify/verify-here.ts';

/** Splits a message of the form "problem: remedy." into a finding. */
function findingOf(check: string, sentence: string): Finding {
  const colon = sentence.lastIndexOf(': ');
  return colon === -1
    ? broken(check, sentence, 'see the problem before')
    : broken(check, sentence.slice(0, colon), sentence.slice(colon + 2).replace(/\.$/, ''));
}

async function attempt(check: string, body: () => Promise<Finding>): Promise<Finding> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof CliFailure) return findingOf(check, messageOf(error));
    return broken(check, messageOf(error), 'run the same command with --debug and report its output');
  }
}

const checkCredentials = (context: Context): Promise<Finding> =>
  attempt('credentials', async () => {
    const region = resolveRegion(context.env, context.input.text('region'));
    const { source, expiresAt } = await findCredentials({ ...context, region });
    if (expiresAt !== undefined && expiresAt <= context.now()) {
      return broken('credentials', `the credentials of ${source} have expired`, 'log in to AWS again');
    }
    return fine('credentials', `found in ${source}`);
  });

const checkRole = (context: Context): Promise<Finding> =>
  attempt('role', async () => {
    const { roleArn } = tokenRequest(context);
    if (roleArn === undefined) return skipped('role', 'no role is given (-r)');
    await credentialsFor(tokenRequest(context), context);
    return fine('role', `${roleArn} can be assumed`);
  });

/** The token is created for the caller's own region: it is valid in the partition of that region. */
const partitionOf = ({ env, input }: Context): PartitionId =>
  partitionOfRegion(resolveRegion(env, input.text('region')) ?? 'us-east-1')?.id ?? 'aws';

/** The token was created a moment ago for this cluster id, so only the keys can be wrong. */
const refusedHere = (failure: Failure): Finding =>
  failure.code === 'signature_mismatch'
    ? broken(
        'identity',
        'STS refused the signature: the secret key does not belong to the access key',
        'set both keys again, and check them with aws sts get-caller-identity',
      )
    : findingOf('identity', describe(failure));

interface Login {
  readonly finding: Finding;
  readonly token?: string;
  readonly arn?: string;
  /** Drops the cached token: after a refusal, kubectl shall send a new one. */
  readonly forget?: () => void;
}

async function checkIdentity(context: Context): Promise<Login> {
  let login: Omit<Login, 'finding'> = {};
  const finding = await attempt('identity', async () => {
    const request = { ...tokenRequest(context), useCache: false };
    const { token, forget } = await obtainLogin(request, context);
    const result = await verifyHere(
      token,
      { clusterId: request.clusterId, partition: partitionOf(context) },
      context,
    );
    if (!result.ok) {
      if (result.failure.outcome === 'denied') forget();
      return refusedHere(result.failure);
    }
    login = { token, arn: result.value.arn, forget };
    return fine('identity', `STS identifies you as ${result.value.arn}`);
  });
  return { ...login, finding };
}

const wrongId = (code: string, clusterId: string): Finding =>
  broken(
    'verdict',
    `${code}: there is no cluster ${clusterId}, or its apiservers use another id`,
    'give the id that the cluster was registered under: -i, or COUNTERSIGN_CLUSTER_ID',
  );

/** The review host does not reveal whether there is such a cluster; the admin API does, to its own callers. */
async function isMissing(context: Context, clusterId: string): Promise<boolean> {
  if (findEndpoint(context) === undefined) return false;
  try {
    return (await createAdminClient(context).find(path`/v1/clusters/${clusterId}`)) === undefined;
  } catch {
    return false;
  }
}

async function judgeVerdict(verdict: JsonObject, clusterId: string, context: Context): Promise<Finding> {
  const code = textAt(verdict, 'code');
  return code === 'principal_not_mapped' && (await isMissing(context, clusterId))
    ? wrongId(code, clusterId)
    : evaluateVerdict(verdict, clusterId);
}

function evaluateVerdict(verdict: JsonObject, clusterId: string): Finding {
  if (textAt(verdict, 'outcome') === 'verified') {
    const groups = textsAt(verdict, 'groups').join(', ') || 'none';
    return fine('verdict', `you enter as ${textAt(verdict, 'username') ?? '?'}, groups ${groups}`);
  }
  const code = textAt(verdict, 'code') ?? 'no';
  // STS has just accepted the same token for this id: no cluster can have it, or the review host is of an earlier version.
  if (code === 'signature_mismatch') return wrongId(code, clusterId);
  const finding = findingOf(
    'verdict',
    textAt(verdict, 'detail') ?? 'the cluster denies access: ask an admin of the cluster.',
  );
  return { ...finding, detail: `${code}: ${finding.detail}` };
}

/** The verdict of the review host; if it cannot be asked, what the admin API expects it to be. */
const checkVerdict = (context: Context, { token, arn, forget }: Login): Promise<Finding> =>
  attempt('verdict', async () => {
    const clusterId = context.input.required('clusterId');
    if (token === undefined || arn === undefined) return skipped('verdict', 'there is no token to send');
    const isKnown = context.input.text('reviewEndpoint') !== undefined || findEndpoint(context) !== undefined;
    if (!isKnown)
      return skipped('verdict', 'set COUNTERSIGN_REVIEW_ENDPOINT to check what the cluster answers');
    try {
      const verdict = await askWhoami(await findReviewHost(context), clusterId, token);
      if (textAt(verdict, 'outcome') === 'denied') forget?.();
      return await judgeVerdict(verdict, clusterId, context);
    } catch (error) {
      if (findEndpoint(context) === undefined) throw error;
      const body = compact({ clusterId, arn });
      return evaluateVerdict(
        await createAdminClient(context).call('POST', '/v1/explain', { body }),
        clusterId,
      );
    }
  });

const appearance: Readonly<Record<Finding['state'], readonly [mark: string, style: Style]>> = {
  ok: ['ok', 'green'],
  skipped: ['--', 'dim'],
  failed: ['NO', 'red'],
};

function line(finding: Finding, { terminal }: Context): string {
  const [mark, style] = appearance[finding.state];
  const remedy = finding.state === 'failed' ? `; to fix it: ${finding.remedy}` : '';
  return `${terminal.style(style, mark)}  ${finding.check.padEnd(11)}  ${cell(finding.detail + remedy)}\n`;
}

/** Each check needs the ones before it: after a failure, the checks that would fail for the same reason are left out. */
async function checkLogin(context: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  const clock = () => attempt('clock', () => checkClock(context));
  for (const check of [checkCredentials, clock, checkRole]) {
    const finding = await check(context);
    findings.push(finding);
    if (finding.state === 'failed') return findings;
  }
  const identity = await checkIdentity(context);
  findings.push(identity.finding);
  return identity.finding.state === 'failed'
    ? findings
    : [...findings, await checkVerdict(context, identity)];
}

export const run: Run = async (context) => {
  const findings = [...(await checkLogin(context)), checkKubeconfig(context), checkCache(context)];
  const format = context.input.text('output') ?? 'table';
  if (format !== 'table') await printValue(context, format, findings);
  else context.terminal.data(findings.map((finding) => line(finding, context)).join(''));
  return findings.some(({ state }) => state === 'failed') ? exitCodes.no : exitCodes.done;
};
