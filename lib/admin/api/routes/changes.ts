import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { instant } from '../../../records/input/fields.ts';
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
import { defineRoute, noBody, noContent, noParams, noQuery } from '../route.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import { deletedAnswer, optionsOf, pageParameters, putAnswer, writeQuery } from './common.ts';

const changeParams = strictObject('the path', { changeId: v.string() });
const path = '/v1/changes/{changeId}';
const textRule = 'This must have 1 to 2048 characters.';
const text = v.pipe(v.string(), v.minLength(1, textRule), v.maxLength(2048, textRule));

const changesRoute = defineRoute({
  id: 'listChanges',
  method: 'GET',
  path: '/v1/changes',
  tag: 'changes',
  summary:
    'Who changed what, the newest first: all, or of a target, by an actor, since a time. Pages can be short.',
  who: 'reader',
  params: noParams,
  query: strictObject('the query', {
    ...pageParameters,
    target: v.optional(text),
    actor: v.optional(text),
    since: v.optional(instant('since')),
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

const anyRecordAnswer = v.union([clusterAnswer, setAnswer, mappingAnswer, denialAnswer, bindingAnswer]);

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
    200: v.union([...anyRecordAnswer.options, dryRunAnswer]),
    201: anyRecordAnswer,
    204: noContent,
  },
  handle: async (request, dependencies) => {
    const committed = await rollBack(dependencies, request.params.changeId, optionsOf(request));
    return committed.outcome === 'deleted' ? deletedAnswer(committed) : putAnswer(committed, []);
  },
});

export const changeRoutes = [changesRoute, getChange, rollbackChange];
