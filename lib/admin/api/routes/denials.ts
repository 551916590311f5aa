/** Denials. A denial has no PUT: the same subject again replaces it. */
import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { denialInput, parseDenialId } from '../../../records/denial.ts';
import { denialWarnings } from '../../change/denial-warnings.ts';
import { pageOrThrow } from '../../lists/store-results.ts';
import { AdminProblem } from '../../problem.ts';
import { denialAnswer } from '../answers.ts';
import { pageQuery } from './common.ts';
import { deleteRoute, getRoute, listRoute, recordRoutes, upsertRoute } from './record-routes.ts';

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
    summary: 'The denials, by the time at which they were created.',
    query: pageQuery,
    read: async (store, page) => pageOrThrow(store.listDenials(page)),
  },
  get: { summary: 'One denial.' },
});

export const denialRoutes = [
  listRoute(denials),
  getRoute(denials),
  upsertRoute(denials, {
    summary:
      'Denies a principal, a unique id or an access key, on every cluster. The same subject again replaces it.',
  }),
  deleteRoute(denials, { summary: 'Lifts a denial.' }),
];
