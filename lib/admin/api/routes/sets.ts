/** Sets of clusters. */
import { strictObject } from '../../../json/strict-object.ts';
import { name } from '../../../records/input/fields.ts';
import { setInput } from '../../../records/set.ts';
import { requireDeletable } from '../../change/deletable.ts';
import { pageOrThrow } from '../../lists/store-results.ts';
import { AdminProblem } from '../../problem.ts';
import { setAnswer } from '../answers.ts';
import { requireSameName } from '../route.ts';
import { pageQuery } from './common.ts';
import { deleteRoute, getRoute, listRoute, putRoute, recordRoutes } from './record-routes.ts';

const sets = recordRoutes('set', {
  name: 'Set',
  tag: 'sets',
  path: '/v1/sets',
  parameter: 'name',
  params: strictObject('the path', { name: name('name') }),
  refOf: ({ name: set }) => ({ name: set }),
  notFound: ({ name: set }) => new AdminProblem('not_found', `There is no set ${set}.`),
  who: 'admin',
  input: setInput,
  answer: setAnswer,
  toRecord: (input) => input,
  warnings: () => [],
  list: {
    summary: 'The sets of clusters, by name.',
    query: pageQuery,
    read: async (store, page) => pageOrThrow(store.listSets(page)),
  },
  get: { summary: 'One set.' },
});

export const setRoutes = [
  listRoute(sets),
  getRoute(sets),
  putRoute(sets, {
    summary: 'Creates or changes a set. Clusters join it by their own sets.',
    fromPath: ['name'],
    values: (params) => params,
    requireSame: (params, set) => requireSameName('name', set.name, params.name),
  }),
  deleteRoute(sets, {
    summary: 'Deletes a set that no cluster, mapping or binding names.',
    verify: async (ref, dependencies) => requireDeletable.set(dependencies, ref),
  }),
];
