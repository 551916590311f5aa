import * as z from 'zod/mini';
import { instant } from '../../../records/fields.ts';
import type { Committed } from '../../change/commit.ts';
import type { RecordKind } from '../../../records/kinds.ts';
import {
  bindingAnswer,
  changeAnswer,
  clusterAnswer,
  denialAnswer,
  dryRunAnswer,
  listOf,
  mappingAnswer,
  setAnswer,
} from '../answers.ts';
import { listChanges, withOutcome } from '../../lists/change-list.ts';
import { AdminProblem } from '../../problem.ts';
import { rollBack } from '../../change/rollback.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';
import type { Answer } from '../route.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import { optionsOf, pageParameters, writeAnswer, writeQuery } from './common.ts';

const changeParams = z.strictObject({ changeId: z.string() });
const path = '/v1/changes/{changeId}';
const text = z.string().check(z.minLength(1), z.maxLength(2048));

const changesRoute = defineRoute({
  id: 'listChanges',
  method: 'GET',
  path: '/v1/changes',
  tag: 'changes',
  summary:
    'Who changed what, the newest first: all, or of a target, by an actor, since a time. Pages can be short.',
  who: 'reader',
  params: noParams,
  query: z.strictObject({
    ...pageParameters,
    target: z.optional(text),
    actor: z.optional(text),
    since: z.optional(instant('since')),
  }),
  body: noBody,
  answers: { 200: listOf(changeAnswer) },
  handle: async ({ query }, { store, clock }) => {
    const since = query.since === undefined ? undefined : Date.parse(query.since);
    return { status: 200, body: await listChanges(store, { ...query, since }, clock()) };
  },
});

const getChange = defineRoute({
  id: 'getChange',
  method: 'GET',
  path,
  tag: 'changes',
  summary: 'One change, with before and after, and whether it was applied.',
  who: 'reader',
  params: changeParams,
  query: noQuery,
  body: noBody,
  answers: { 200: changeAnswer },
  handle: async ({ params }, { store }) => {
    const change = await readOrThrow(store.readChange(params.changeId));
    if (change === undefined) throw new AdminProblem('not_found', `There is no change ${params.changeId}.`);
    return { status: 200, body: await withOutcome(store, change) };
  },
});

const rollbackChange = defineRoute({
  id: 'rollbackChange',
  method: 'POST',
  path: `${path}/rollback`,
  tag: 'changes',
  summary: 'Takes a change back, if its target has not changed since. The rollback is a change itself.',
  who: 'admin',
  params: changeParams,
  query: writeQuery,
  body: noBody,
  answers: {
    200: z.union([clusterAnswer, setAnswer, mappingAnswer, denialAnswer, bindingAnswer, dryRunAnswer]),
    201: z.union([clusterAnswer, setAnswer, mappingAnswer, denialAnswer, bindingAnswer]),
    204: null,
  },
  handle: async (request, dependencies) =>
    answerOf(await rollBack(dependencies, request.params.changeId, optionsOf(request)), request.query),
});

const answerOf = (
  committed: Committed<RecordKind>,
  query: { readonly dryRun?: boolean | undefined },
): Answer => writeAnswer(committed, query);

export const changeRoutes = [changesRoute, getChange, rollbackChange];
