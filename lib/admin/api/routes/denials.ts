import * as z from 'zod/mini';
import { denialRef, parseDenialId } from '../../../records/denial.ts';
import { denialInput } from '../../../records/schemas.ts';
import type { DenialRef } from '../../../records/denial.ts';
import { denialAnswer, dryRunAnswer, listOf } from '../answers.ts';
import { commit } from '../../change/commit.ts';
import { AdminProblem } from '../../problem.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { denialWarnings } from '../../change/warnings.ts';
import { optionsOf, pageQuery, writeAnswer, writeQuery } from './common.ts';

const denialParams = z.strictObject({ denialId: z.string() });
const path = '/v1/denials/{denialId}';
const noSuchDenial = (): AdminProblem => new AdminProblem('not_found', 'There is no denial of this id.');

function refOf(denialId: string): DenialRef {
  const ref = parseDenialId(denialId);
  if (ref === undefined) throw noSuchDenial();
  return ref;
}

const listDenials = defineRoute({
  id: 'listDenials',
  method: 'GET',
  path: '/v1/denials',
  tag: 'denials',
  summary: 'The denials, by the time at which they were made.',
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(denialAnswer) },
  handle: async ({ query }, { store }) => ({
    status: 200,
    body: await pageOrThrow(store.listDenials(query)),
  }),
});

const getDenial = defineRoute({
  id: 'getDenial',
  method: 'GET',
  path,
  tag: 'denials',
  summary: 'One denial.',
  who: 'reader',
  params: denialParams,
  query: noQuery,
  body: noBody,
  answers: { 200: denialAnswer },
  handle: async ({ params }, { store }) => {
    const state = await readOrThrow(store.read('denial', refOf(params.denialId)));
    if (state.state !== 'live') throw noSuchDenial();
    return { status: 200, body: state.stored, version: state.version };
  },
});

const createDenial = defineRoute({
  id: 'createDenial',
  method: 'POST',
  path: '/v1/denials',
  tag: 'denials',
  summary:
    'Denies a principal, a unique id or an access key, on every cluster. The same subject again replaces it.',
  who: 'admin',
  params: noParams,
  query: writeQuery,
  body: denialInput,
  answers: { 200: z.union([denialAnswer, dryRunAnswer]), 201: denialAnswer },
  handle: async (request, dependencies) => {
    const { body, query } = request;
    const current = await readOrThrow(dependencies.store.read('denial', denialRef(body)));
    return writeAnswer(
      await commit(dependencies, current, body, optionsOf(request)),
      query,
      denialWarnings(body),
    );
  },
});

const deleteDenial = defineRoute({
  id: 'deleteDenial',
  method: 'DELETE',
  path,
  tag: 'denials',
  summary: 'Lifts a denial.',
  who: 'admin',
  params: denialParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 204: null },
  handle: async (request, dependencies) => {
    const current = await readOrThrow(dependencies.store.read('denial', refOf(request.params.denialId)));
    if (current.state !== 'live') throw noSuchDenial();
    return writeAnswer(await commit(dependencies, current, undefined, optionsOf(request)), request.query);
  },
});

export const denialRoutes = [listDenials, getDenial, createDenial, deleteDenial];
