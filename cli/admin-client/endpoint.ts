/** Where the admin API is, and how a request to it is signed. */
import { isLoopback } from '../../lib/net/loopback.ts';
import { resolveRegion } from '../aws/region.ts';
import { wrongUsage } from '../exit.ts';
import { parseSecureUrl } from '../secure-url.ts';
import type { Context } from '../spec.ts';

export interface Signing {
  readonly service: string;
  readonly region: string;
}

export interface Endpoint {
  /** Without a trailing slash; with a stage if there is one. */
  readonly url: URL;
  /** `undefined`: unsigned, on loopback. */
  readonly signing: Signing | undefined;
}

/** Without a trailing slash. @throws CliFailure (exit 2) naming the option or variable, if the URL is not a secure one */
export function parseEndpoint(text: string, flag: string): URL {
  const url = parseSecureUrl(text, flag);
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

const byHost = [
  {
    service: 'execute-api',
    pattern: /\.execute-api\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|vpce\.amazonaws\.com|on\.aws)$/,
  },
  { service: 'lambda', pattern: /\.lambda-url\.([a-z0-9-]+)\.on\.aws$/ },
];

function signingOf(url: URL, { input, env }: Pick<Context, 'input' | 'env'>): Signing {
  const found = byHost
    .map(({ service, pattern }) => ({ service, region: pattern.exec(url.hostname)?.[1] }))
    .find(({ region }) => region !== undefined);
  const service = input.text('signingService') ?? found?.service;
  const region = input.text('signingRegion') ?? found?.region ?? resolveRegion(env);
  if (service === undefined) {
    throw wrongUsage(
      `${url.hostname} does not say which service to sign for: give --signing-service execute-api or lambda.`,
    );
  }
  if (region === undefined) {
    throw wrongUsage(`${url.hostname} does not say which region to sign for: give --signing-region.`);
  }
  return { service, region };
}

/** `undefined` if neither `--endpoint` nor `COUNTERSIGN_ENDPOINT` is set. */
export function findEndpoint(context: Pick<Context, 'input' | 'env'>): Endpoint | undefined {
  const text = context.input.text('endpoint');
  if (text === undefined) return undefined;
  const url = parseEndpoint(text, '--endpoint');
  return { url, signing: isLoopback(url.hostname) ? undefined : signingOf(url, context) };
}

export function requireEndpoint(context: Pick<Context, 'input' | 'env'>): Endpoint {
  const endpoint = findEndpoint(context);
  if (endpoint === undefined) {
    throw wrongUsage(
      'No admin API is known: set COUNTERSIGN_ENDPOINT or give --endpoint (http://127.0.0.1:8080 with countersign dev).',
    );
  }
  return endpoint;
}
