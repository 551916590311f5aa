/** Denials. A denial has no PUT: the same subject again replaces it. */
import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { denialInput, parseDenialId } from '../../../records/denial.ts';
import type { Denial } from '../../../records/denial.ts';
import { denialWarnings } from '../../change/denial-warnings.ts';
import { deny } from '../../change/deny.ts';
import { withDenialWarnings } from '../../access/denial-list.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { AdminProblem } from '../../problem.ts';
import { denialAnswer, dryRunAnswer, listOf, listSchema } from '../answers.ts';
import type { RecordAnswer } from '../answers.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';
import { optionsOf, pageQuery, putAnswer, writeQuery } from './common.ts';
import type { WriteQuery } from './common.ts';
import { deleteRoute, recordRoutes } from './record-routes.ts';

const noSuchDenial = (): AdminProblem => new AdminProblem('not_found', 'There is no denial of this id.');

const denials = recordRoutes('denial', {
  name: 'Denial',
  tag: 'denials',
  path: '/v1/denials',
  parameter: 'denialId',
  params: strictObject('the path', { denialId: v.string() }),
  refOf: ({ denialId }) => {
    const ref = parseDenialId(denialId);
    if (ref === undefined) throw noSuchDenial();
    return ref;
  },
  notFound: noSuchDenial,
  who: 'admin',
  input: denialInput,
  answer: denialAnswer,
  toRecord: (input) => input,
  warnings: denialWarnings,
  list: {
    summary: 'The denials, by the time at which they were created, each with what it leaves open.',
    query: pageQuery,
    read: async (store, page) => pageOrThrow(store.listDenials(page)),
  },
  get: { summary: 'One denial, with what it leaves open.' },
});

const { tag, path, params, answer } = denials;

const listDenials = defineRoute({
  id: 'listDenials',
  method: 'GET',
  path,
  tag,
  summary: denials.list.summary,
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(answer) },
  handle: async ({ query }, { store }) => {
    const page = await denials.list.read(store, query);
    return { status: 200, body: { ...page, items: await withDenialWarnings(store, page.items) } };
  },
});

const getDenial = defineRoute({
  id: 'getDenial',
  method: 'GET',
  path: `${path}/{${denials.parameter}}`,
  tag,
  summary: denials.get.summary,
  who: 'reader',
  params,
  query: noQuery,
  body: noBody,
  answers: { 200: answer },
  handle: async (request, { store }) => {
    const state = await readOrThrow(store.read('denial', denials.refOf(request.params)));
    if (state.state !== 'live') throw noSuchDenial();
    const [body = state.stored] = await withDenialWarnings(store, [state.stored]);
    return { status: 200, body, version: state.version };
  },
});

const alsoDenied = v.optional(listSchema(v.string()));
const dryRun = v.strictObject({ ...dryRunAnswer.entries, alsoDenied });

const createDenial = defineRoute<
  object,
  WriteQuery,
  Denial,
  { 200: RecordAnswer<'denial'> | v.InferOutput<typeof dryRun>; 201: RecordAnswer<'denial'> }
>({
  id: 'createDenial',
  method: 'POST',
  path,
  tag,
  summary:
    'Denies a principal, a unique id or an access key, on every cluster. The same subject again replaces it. Of a user whose unique id the table knows, the id is denied first, and alsoDenied names its denial.',
  who: 'admin',
  params: noParams,
  query: writeQuery,
  body: denialInput,
  answers: { 200: v.union([answer, dryRun]), 201: answer },
  handle: async (request, dependencies) => {
    const denied = await deny(dependencies, request.body, optionsOf(request));
    const answered = putAnswer(denied.committed, denied.warnings);
    const ids = denied.alsoDenied.length === 0 ? {} : { alsoDenied: denied.alsoDenied };
    return answered.status === 201
      ? { ...answered, body: { ...answered.body, ...ids } }
      : { ...answered, body: { ...answered.body, ...ids } };
  },
});

export const denialRoutes = [
  listDenials,
  getDenial,
  createDenial,
  deleteRoute(denials, {
    summary: 'Lifts a denial. That of a user and that of the unique id are lifted separately.',
  }),
];
