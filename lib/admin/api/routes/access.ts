import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { clusterId } from '../../../records/input/fields.ts';
import { accessOfCluster, accessOfPrincipal } from '../../access/review.ts';
import { accessRow, listOf } from '../answers.ts';
import { principalOfText } from '../../../records/principal.ts';
import { invalidInput } from '../../problem.ts';
import { defineRoute, noBody, noParams } from '../route.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import { noSuchCluster, pageParameters, principalWord } from './common.ts';

const exactlyOne = 'Give clusterId or principal: one of the two.';

export const getAccess = defineRoute({
  id: 'getAccess',
  method: 'GET',
  path: '/v1/access',
  tag: 'questions',
  summary: 'Who can enter a cluster, or where a principal can enter: each row is what a review would answer.',
  who: 'reader',
  params: noParams,
  query: strictObject('the query', {
    ...pageParameters,
    clusterId: v.optional(clusterId),
    principal: v.optional(principalWord),
  }),
  body: noBody,
  answers: { 200: listOf(accessRow) },
  handle: async ({ query }, { store, clock }) => {
    const principal = query.principal === undefined ? undefined : principalOfText(query.principal);
    if (principal !== undefined && query.clusterId === undefined) {
      return { status: 200, body: await accessOfPrincipal(store, principal, clock(), query) };
    }
    if (principal !== undefined || query.clusterId === undefined) {
      throw invalidInput([{ path: '', message: exactlyOne }]);
    }
    const cluster = await readOrThrow(store.read('cluster', { id: query.clusterId }));
    if (cluster.state !== 'live') throw noSuchCluster(query.clusterId);
    return { status: 200, body: await accessOfCluster(store, cluster.stored, clock(), query) };
  },
});
