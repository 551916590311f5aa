import * as z from 'zod/mini';
import { clusterId } from '../../../records/fields.ts';
import { clusterInput } from '../../../records/schemas.ts';
import { clusterAnswer, dryRunAnswer, listOf } from '../answers.ts';
import { commit } from '../../change/commit.ts';
import { deleteCluster } from '../../change/delete-cluster.ts';
import { AdminProblem } from '../../problem.ts';
import { requireSetsExist } from '../../change/references.ts';
import { defineRoute, noBody, noParams, requireSameName } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { clusterWarnings } from '../../change/warnings.ts';
import { optionsOf, pageQuery, writeAnswer, writeQuery } from './common.ts';

export const clusterParams = z.strictObject({ clusterId });
const path = '/v1/clusters/{clusterId}';

export const noSuchCluster = (id: string): AdminProblem =>
  new AdminProblem('not_found', `There is no cluster ${id}.`);

const listClusters = defineRoute({
  id: 'listClusters',
  method: 'GET',
  path: '/v1/clusters',
  tag: 'clusters',
  summary: 'The clusters, by id.',
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(clusterAnswer) },
  handle: async ({ query }, { store }) => ({
    status: 200,
    body: await pageOrThrow(store.listClusters(query)),
  }),
});

const getCluster = defineRoute({
  id: 'getCluster',
  method: 'GET',
  path,
  tag: 'clusters',
  summary: 'One cluster.',
  who: 'reader',
  params: clusterParams,
  query: z.strictObject({}),
  body: noBody,
  answers: { 200: clusterAnswer },
  handle: async ({ params }, { store }) => {
    const state = await readOrThrow(store.read('cluster', { id: params.clusterId }));
    if (state.state !== 'live') throw noSuchCluster(params.clusterId);
    return { status: 200, body: state.stored, version: state.version };
  },
});

const putCluster = defineRoute({
  id: 'putCluster',
  method: 'PUT',
  path,
  tag: 'clusters',
  summary: 'Registers or changes a cluster. Only admins change its sets and adminGroups.',
  who: 'writer',
  params: clusterParams,
  query: writeQuery,
  body: clusterInput,
  implied: { fields: ['id'], values: async ({ clusterId: id }) => ({ id }) },
  answers: { 200: z.union([clusterAnswer, dryRunAnswer]), 201: clusterAnswer },
  handle: async (request, dependencies) => {
    const { params, query, body } = request;
    requireSameName('id', body.id, params.clusterId);
    const current = await readOrThrow(dependencies.store.read('cluster', { id: params.clusterId }));
    await requireSetsExist(dependencies, body);
    const committed = await commit(dependencies, current, body, optionsOf(request));
    return writeAnswer(committed, query, clusterWarnings(body));
  },
});

const deletionAnswer = z.strictObject({
  /** Mappings deleted by this call. */
  mappingsDeleted: z.int(),
  /** There are more: the same call again goes on. */
  pending: z.literal(true),
});

const removeCluster = defineRoute({
  id: 'deleteCluster',
  method: 'DELETE',
  path,
  tag: 'clusters',
  summary:
    'Deletes a cluster without mappings of its own; with force, its mappings first: 202 while some are left, to be called again.',
  who: 'writer',
  params: clusterParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 202: deletionAnswer, 204: null },
  handle: async (request, dependencies) =>
    deleteCluster(dependencies, request.params.clusterId, optionsOf(request)),
});

export const clusterRoutes = [listClusters, getCluster, putCluster, removeCluster];
