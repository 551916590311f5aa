/** Clusters. With force, a delete also deletes the mappings in the scope of the cluster. */
import * as v from 'valibot';
import { clusterInput } from '../../../records/cluster.ts';
import { deleteCluster } from '../../change/delete-cluster.ts';
import { requireSetsExist } from '../../change/references.ts';
import { clusterWarnings } from '../../change/warnings.ts';
import { pageOrThrow } from '../../lists/store-results.ts';
import { clusterAnswer, dryRunAnswer, whole } from '../answers.ts';
import { defineRoute, noBody, noContent, requireSameName } from '../route.ts';
import { clusterParams, deletedAnswer, noSuchCluster, optionsOf, pageQuery, writeQuery } from './common.ts';
import { getRoute, listRoute, putRoute, recordRoutes } from './record-routes.ts';

const clusters = recordRoutes('cluster', {
  name: 'Cluster',
  tag: 'clusters',
  path: '/v1/clusters',
  parameter: 'clusterId',
  params: clusterParams,
  refOf: ({ clusterId }) => ({ id: clusterId }),
  notFound: ({ clusterId }) => noSuchCluster(clusterId),
  who: 'writer',
  input: clusterInput,
  answer: clusterAnswer,
  toRecord: (input) => input,
  warnings: clusterWarnings,
  list: {
    summary: 'The clusters, by id.',
    query: pageQuery,
    read: async (store, page) => pageOrThrow(store.listClusters(page)),
  },
  get: { summary: 'One cluster.' },
});

const putCluster = putRoute(clusters, {
  summary: 'Registers or changes a cluster. Only admins change its sets and adminGroups.',
  fromPath: ['id'],
  values: ({ clusterId }) => ({ id: clusterId }),
  requireSame: ({ clusterId }, { id }) => requireSameName('id', id, clusterId),
  verify: async (cluster, dependencies) => requireSetsExist(dependencies, cluster),
});

const pendingAnswer = v.strictObject({
  /** Mappings deleted by this call. */
  mappingsDeleted: whole,
  /** There are more: the same call again continues. */
  pending: v.literal(true),
});

const removeCluster = defineRoute({
  id: 'deleteCluster',
  method: 'DELETE',
  path: '/v1/clusters/{clusterId}',
  tag: 'clusters',
  summary:
    'Deletes a cluster without mappings of its own; with force, its mappings first: 202 while some are left, to be called again.',
  who: 'writer',
  params: clusterParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 202: pendingAnswer, 204: noContent },
  handle: async (request, dependencies) => {
    const deleted = await deleteCluster(dependencies, request.params.clusterId, optionsOf(request));
    return deleted.outcome === 'pending'
      ? ({ status: 202, body: { mappingsDeleted: deleted.mappingsDeleted, pending: true } } as const)
      : deletedAnswer(deleted);
  },
});

export const clusterRoutes = [listRoute(clusters), getRoute(clusters), putCluster, removeCluster];
