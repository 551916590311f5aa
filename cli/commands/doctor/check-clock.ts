import type { Instant } from '../../../lib/errors.ts';
import { globalStsHost, regionalStsHost } from '../../../lib/identity/partitions.ts';
import { resolveRegion } from '../../aws/region.ts';
import { stsEndpoint } from '../../aws/sts-endpoint.ts';
import { Unreachable, send } from '../../http.ts';
import type { Context } from '../../spec.ts';
import { broken, fine, skipped } from './finding.ts';
import type { Finding } from './finding.ts';

const check = 'clock';
/** STS accepts dates up to 5 minutes in the future and 15 in the past; tokens should live for most of that. */
const toleranceMs = 4 * 60_000;

const stsUrl = (env: NodeJS.ProcessEnv, region: string | undefined): URL =>
  stsEndpoint(env) ??
  new URL(`https://${(region === undefined ? undefined : regionalStsHost(region)) ?? globalStsHost}`);

function evaluate(url: URL, date: string, now: Instant): Finding {
  const skewMs = now - Date.parse(date);
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Number.isNaN(skewMs) || Math.abs(skewMs) <= toleranceMs) {
    return fine(check, `within ${Number.isNaN(skewMs) ? '?' : seconds} s of ${url.host}`);
  }
  return broken(
    check,
    `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} ${url.host}`,
    'set the clock: sudo timedatectl set-ntp true (Linux), sudo sntp -sS time.apple.com (macOS), w32tm /resync (Windows)',
  );
}

/** Compares the clock with that of STS: each of its answers has a Date header, refusals too. */
export async function checkClock(context: Pick<Context, 'env' | 'now' | 'input'>): Promise<Finding> {
  const url = stsUrl(context.env, resolveRegion(context.env, context.input.text('region')));
  try {
    const answer = await send({ method: 'GET', url, headers: {}, body: undefined, timeoutMs: 5000 });
    const { date } = answer.headers;
    return typeof date === 'string'
      ? evaluate(url, date, context.now())
      : skipped(check, `${url.host} sent no Date header`);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return broken(
      check,
      `${url.host} cannot be reached (${error.message})`,
      'check the network, AWS_REGION, and AWS_ENDPOINT_URL_STS if it is set',
    );
  }
}
