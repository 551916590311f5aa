import * as z from 'zod/mini';
import { name } from '../../../records/fields.ts';
import { bindingInput } from '../../../records/schemas.ts';
import { bindingAnswer, dryRunAnswer, listOf } from '../answers.ts';
import { commit } from '../../change/commit.ts';
import { AdminProblem } from '../../problem.ts';
import { requireScopeExists } from '../../change/references.ts';
import { defineRoute, noBody, noParams, noQuery, requireSameName } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { bindingWarnings } from '../../change/warnings.ts';
import { optionsOf, pageQuery, writeAnswer, writeQuery } from './common.ts';

const bindingParams = z.strictObject({ bindingId: name('bindingId') });
const path = '/v1/group-bindings/{bindingId}';
const noSuchBinding = (id: string): AdminProblem =>
  new AdminProblem('not_found', `There is no group binding ${id}.`);

const listBindings = defineRoute({
  id: 'listGroupBindings',
  method: 'GET',
  path: '/v1/group-bindings',
  tag: 'group sync',
  summary: 'The group bindings, by id.',
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(bindingAnswer) },
  handle: async ({ query }, { store }) => ({
    status: 200,
    body: await pageOrThrow(store.listBindings(query)),
  }),
});

const getBinding = defineRoute({
  id: 'getGroupBinding',
  method: 'GET',
  path,
  tag: 'group sync',
  summary: 'One group binding.',
  who: 'reader',
  params: bindingParams,
  query: noQuery,
  body: noBody,
  answers: { 200: bindingAnswer },
  handle: async ({ params }, { store }) => {
    const state = await readOrThrow(store.read('binding', { id: params.bindingId }));
    if (state.state !== 'live') throw noSuchBinding(params.bindingId);
    return { status: 200, body: state.stored, version: state.version };
  },
});

const putBinding = defineRoute({
  id: 'putGroupBinding',
  method: 'PUT',
  path,
  tag: 'group sync',
  summary:
    'Binds an IAM group to a scope and Kubernetes groups. The next sync grants, and withdraws, accordingly.',
  who: 'admin',
  params: bindingParams,
  query: writeQuery,
  body: bindingInput,
  implied: { fields: ['id'], values: async ({ bindingId: id }) => ({ id }) },
  answers: { 200: z.union([bindingAnswer, dryRunAnswer]), 201: bindingAnswer },
  handle: async (request, dependencies) => {
    const { body, query, params } = request;
    requireSameName('id', body.id, params.bindingId);
    const current = await readOrThrow(dependencies.store.read('binding', { id: params.bindingId }));
    await requireScopeExists(dependencies, body.scope);
    return writeAnswer(
      await commit(dependencies, current, body, optionsOf(request)),
      query,
      bindingWarnings(body),
    );
  },
});

const deleteBinding = defineRoute({
  id: 'deleteGroupBinding',
  method: 'DELETE',
  path,
  tag: 'group sync',
  summary: 'Deletes a group binding. The next sync withdraws all that it gave.',
  who: 'admin',
  params: bindingParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 204: null },
  handle: async (request, dependencies) => {
    const id = request.params.bindingId;
    const current = await readOrThrow(dependencies.store.read('binding', { id }));
    if (current.state !== 'live') throw noSuchBinding(id);
    return writeAnswer(await commit(dependencies, current, undefined, optionsOf(request)), request.query);
  },
});

export const bindingRoutes = [listBindings, getBinding, putBinding, deleteBinding];
