import * as z from 'zod/mini';
import { name } from '../../../records/fields.ts';
import { setInput } from '../../../records/schemas.ts';
import { dryRunAnswer, listOf, setAnswer } from '../answers.ts';
import { requireChange } from '../../change/authorize.ts';
import { commit } from '../../change/commit.ts';
import { requireDeletable } from '../../change/deletable.ts';
import { AdminProblem } from '../../problem.ts';
import { defineRoute, noBody, noParams, noQuery, requireSameName } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { optionsOf, pageQuery, writeAnswer, writeQuery } from './common.ts';
import { recordOf } from '../../../records/kinds.ts';

const setParams = z.strictObject({ name: name('name') });
const path = '/v1/sets/{name}';
const noSuchSet = (set: string): AdminProblem => new AdminProblem('not_found', `There is no set ${set}.`);

const listSets = defineRoute({
  id: 'listSets',
  method: 'GET',
  path: '/v1/sets',
  tag: 'sets',
  summary: 'The sets of clusters, by name.',
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(setAnswer) },
  handle: async ({ query }, { store }) => ({ status: 200, body: await pageOrThrow(store.listSets(query)) }),
});

const getSet = defineRoute({
  id: 'getSet',
  method: 'GET',
  path,
  tag: 'sets',
  summary: 'One set.',
  who: 'reader',
  params: setParams,
  query: noQuery,
  body: noBody,
  answers: { 200: setAnswer },
  handle: async ({ params }, { store }) => {
    const state = await readOrThrow(store.read('set', { name: params.name }));
    if (state.state !== 'live') throw noSuchSet(params.name);
    return { status: 200, body: state.stored, version: state.version };
  },
});

const putSet = defineRoute({
  id: 'putSet',
  method: 'PUT',
  path,
  tag: 'sets',
  summary: 'Makes or changes a set. Clusters join it by their own sets.',
  who: 'admin',
  params: setParams,
  query: writeQuery,
  body: setInput,
  implied: { fields: ['name'], values: async ({ name: set }) => ({ name: set }) },
  answers: { 200: z.union([setAnswer, dryRunAnswer]), 201: setAnswer },
  handle: async (request, dependencies) => {
    requireSameName('name', request.body.name, request.params.name);
    const current = await readOrThrow(dependencies.store.read('set', { name: request.params.name }));
    return writeAnswer(await commit(dependencies, current, request.body, optionsOf(request)), request.query);
  },
});

const deleteSet = defineRoute({
  id: 'deleteSet',
  method: 'DELETE',
  path,
  tag: 'sets',
  summary: 'Deletes a set that no cluster, mapping or binding names.',
  who: 'admin',
  params: setParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 204: null },
  handle: async (request, dependencies) => {
    const current = await readOrThrow(dependencies.store.read('set', { name: request.params.name }));
    if (current.state !== 'live') throw noSuchSet(request.params.name);
    requireChange(request.caller, 'set', recordOf('set', current.stored), undefined);
    await requireDeletable.set(dependencies, { name: request.params.name });
    return writeAnswer(await commit(dependencies, current, undefined, optionsOf(request)), request.query);
  },
});

export const setRoutes = [listSets, getSet, putSet, deleteSet];
