/** The review host: its URL, and the whoami of a token of the caller. */
import { createAdminClient } from './admin-client/client.ts';
import { findEndpoint, parseEndpoint } from './admin-client/endpoint.ts';
import { failure, wrongUsage } from './exit.ts';
import { Unreachable, send } from './http.ts';
import { isJsonObject, textAt } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Context } from './spec.ts';

/** Milliseconds. A review takes 4,500 at most. */
const timeoutMs = 10_000;

/**
 * `--review-endpoint`, its environment variable, or the `reviewEndpoint` of the admin API.
 * @throws CliFailure if none of them is set
 */
export async function findReviewHost(context: Pick<Context, 'input' | 'env' | 'terminal'>): Promise<URL> {
  const given = context.input.text('reviewEndpoint');
  if (given !== undefined) return parseEndpoint(given, '--review-endpoint');
  const endpoint = findEndpoint(context);
  if (endpoint === undefined) {
    throw wrongUsage(
      'No review host is known: set COUNTERSIGN_REVIEW_ENDPOINT (or COUNTERSIGN_ENDPOINT, whose admin API knows it).',
    );
  }
  const info = await createAdminClient(context).call('GET', '/v1/info');
  const reported = textAt(info, 'reviewEndpoint');
  if (reported !== undefined) return parseEndpoint(reported, 'The reviewEndpoint of the admin API');
  // `countersign dev` serves reviews and the admin API at one address.
  if (endpoint.signing === undefined) return endpoint.url;
  throw failure('The admin API does not know the review host: give --review-endpoint.');
}

/** The verdict of the cluster on a token. @throws CliFailure if the host is unreachable, does not offer whoami, or could not decide */
export async function askWhoami(host: URL, clusterId: string, token: string): Promise<JsonObject> {
  const base = host.href.replace(/\/+$/, '');
  const url = new URL(`${base}/v1/clusters/${encodeURIComponent(clusterId)}/whoami`);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'content-length': '0' };
  const answer = await send({ method: 'POST', url, headers, body: undefined, timeoutMs }).catch(
    (error: unknown) => {
      if (!(error instanceof Unreachable)) throw error;
      throw failure(
        `The review host at ${host.origin} could not be reached (${error.message}): check the endpoint, and that you are on its network.`,
        error,
      );
    },
  );
  if (answer.status === 200) return parseVerdict(answer.body, host);
  throw failure(
    answer.status === 404 || answer.status === 403
      ? `The review host at ${host.origin} does not offer whoami (status ${answer.status}): ask an admin to switch it on, or see countersign explain.`
      : `The review host at ${host.origin} could not decide (status ${answer.status}): try again in a moment.`,
  );
}

function parseVerdict(body: string, host: URL): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isJsonObject(value) && textAt(value, 'outcome') !== undefined) return value;
  } catch {
    // The failure below reports it.
  }
  throw failure(
    `${host.origin} is not a review host, since its answer is not a verdict: check the endpoint.`,
  );
}
