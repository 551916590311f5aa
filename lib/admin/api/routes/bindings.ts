/** Group bindings. */
import { strictObject } from '../../../json/strict-object.ts';
import { bindingInput } from '../../../records/binding.ts';
import { name } from '../../../records/input/fields.ts';
import { requireScopeExists } from '../../change/references.ts';
import { bindingNameWarnings } from '../../change/other-names.ts';
import { bindingWarnings } from '../../change/warnings.ts';
import { pageOrThrow } from '../../lists/store-results.ts';
import { AdminProblem } from '../../problem.ts';
import { bindingAnswer } from '../answers.ts';
import { requireSameName } from '../route.ts';
import { pageQuery } from './common.ts';
import { deleteRoute, getRoute, listRoute, putRoute, recordRoutes } from './record-routes.ts';

const bindings = recordRoutes('binding', {
  name: 'GroupBinding',
  tag: 'group sync',
  path: '/v1/group-bindings',
  parameter: 'bindingId',
  params: strictObject('the path', { bindingId: name('bindingId') }),
  refOf: ({ bindingId }) => ({ id: bindingId }),
  notFound: ({ bindingId }) => new AdminProblem('not_found', `There is no group binding ${bindingId}.`),
  who: 'admin',
  input: bindingInput,
  answer: bindingAnswer,
  toRecord: (input) => input,
  warnings: bindingWarnings,
  compared: async (binding, { store, clock }) => bindingNameWarnings(store, binding, clock()),
  list: {
    summary: 'The group bindings, by id.',
    query: pageQuery,
    read: async (store, page) => pageOrThrow(store.listBindings(page)),
  },
  get: { summary: 'One group binding.' },
});

export const bindingRoutes = [
  listRoute(bindings),
  getRoute(bindings),
  putRoute(bindings, {
    summary:
      'Binds an IAM group to a scope and Kubernetes groups. The next sync grants, and withdraws, accordingly.',
    fromPath: ['id'],
    values: ({ bindingId }) => ({ id: bindingId }),
    requireSame: ({ bindingId }, { id }) => requireSameName('id', id, bindingId),
    verify: async ({ scope }, dependencies) => requireScopeExists(dependencies, scope),
  }),
  deleteRoute(bindings, { summary: 'Deletes a group binding. The next sync withdraws all that it granted.' }),
];
