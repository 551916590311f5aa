import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { clusterScope } from '../../../records/scope.ts';
import { hashWebhookToken } from '../../../token/webhook-token.ts';
import { dryRunAnswer, listOf, newWebhookTokenAnswer, webhookTokenAnswer } from '../answers.ts';
import { requireForce, requireScopes } from '../../change/authorize.ts';
import { deleteUnreadableToken } from '../../change/delete-unreadable.ts';
import type { AdminDependencies } from '../../dependencies.ts';
import { webhookTokensPerCluster } from '../../limits.ts';
import { AdminProblem } from '../../problem.ts';
import { defineRoute, noBody, noContent } from '../route.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import { clusterParams, dryRunQuery, noSuchCluster, pageQuery, writeQuery } from './common.ts';
import type { ClusterWithTokens } from '../../../store/ports.ts';

const path = '/v1/clusters/{clusterId}/webhook-tokens';
const tokenParams = strictObject('the path', {
  ...clusterParams.entries,
  tokenId: v.pipe(
    v.string(),
    v.regex(/^[0-9A-Za-z_-]{1,64}$/, 'tokenId must be the id of a webhook token, as listed.'),
  ),
});

/** The reads of this path are few: no more than one cluster's tokens, in one Query. */
async function readTokens({ store }: AdminDependencies, id: string): Promise<ClusterWithTokens> {
  const found = await readOrThrow(store.readCluster(id, AbortSignal.timeout(5000)));
  if (found === undefined) throw noSuchCluster(id);
  return found;
}

const listTokens = defineRoute({
  id: 'listWebhookTokens',
  method: 'GET',
  path,
  tag: 'webhook tokens',
  summary: 'The webhook tokens of a cluster, as hashes.',
  who: 'reader',
  params: clusterParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(webhookTokenAnswer) },
  handle: async ({ params }, dependencies) => {
    const { webhookTokens } = await readTokens(dependencies, params.clusterId);
    return { status: 200, body: { items: webhookTokens } };
  },
});

/** A guard against growth, checked before the write: each token costs every request of its cluster a comparison. */
function requireFewTokens({ cluster, webhookTokens }: ClusterWithTokens): void {
  if (webhookTokens.length < webhookTokensPerCluster) return;
  throw new AdminProblem(
    'too_many_webhook_tokens',
    `${cluster.id} has ${webhookTokens.length} webhook tokens, and may have ${webhookTokensPerCluster}: delete those that no apiserver uses, see countersign clusters tokens list.`,
  );
}

const createToken = defineRoute({
  id: 'createWebhookToken',
  method: 'POST',
  path,
  tag: 'webhook tokens',
  summary:
    'Creates a webhook token, of 20 that a cluster may have. Its text is shown this once; the table holds a hash.',
  who: 'writer',
  params: clusterParams,
  query: dryRunQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 201: newWebhookTokenAnswer },
  handle: async ({ params, query, caller }, dependencies) => {
    requireScopes(caller, [clusterScope(params.clusterId)]);
    requireFewTokens(await readTokens(dependencies, params.clusterId));
    if (query.dryRun === true) return { status: 200, body: { dryRun: true, action: 'create' } } as const;
    const token = dependencies.newWebhookToken();
    const { actor } = caller;
    const outcome = await readOrThrow(
      dependencies.store.createWebhookToken(params.clusterId, hashWebhookToken(token), { actor }),
    );
    if (!outcome.applied) throw noSuchCluster(params.clusterId);
    const { id, createdAt } = outcome.token;
    return { status: 201, body: { id, token, createdAt } };
  },
});

const noSuchToken = (id: string): AdminProblem =>
  new AdminProblem('not_found', `There is no webhook token ${id}.`);

const deleteToken = defineRoute({
  id: 'deleteWebhookToken',
  method: 'DELETE',
  path: `${path}/{tokenId}`,
  tag: 'webhook tokens',
  summary:
    'Deletes a webhook token: apiservers that present it are refused within 30 seconds. With force, also one that cannot be read; admins only.',
  who: 'writer',
  params: tokenParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 204: noContent },
  handle: async ({ params, query, caller }, dependencies) => {
    const { clusterId, tokenId } = params;
    requireScopes(caller, [clusterScope(clusterId)]);
    if (query.force === true) requireForce(caller);
    const cluster = await readTokens(dependencies, clusterId).catch(async (error: unknown) => {
      await deleteUnreadableToken(dependencies, params, error, { caller, ...query });
    });
    if (cluster !== undefined && !cluster.webhookTokens.some(({ id }) => id === tokenId)) {
      throw noSuchToken(tokenId);
    }
    if (query.dryRun === true) return { status: 200, body: { dryRun: true, action: 'delete' } } as const;
    if (cluster === undefined) return { status: 204, body: undefined };
    const { actor } = caller;
    const outcome = await readOrThrow(dependencies.store.deleteWebhookToken(clusterId, tokenId, { actor }));
    if (!outcome.applied) throw noSuchToken(tokenId);
    return { status: 204, body: undefined };
  },
});

export const webhookTokenRoutes = [listTokens, createToken, deleteToken];
