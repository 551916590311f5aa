/** Mappings. The scope and the principal of a mapping never change, and the group sync's are not for admins to write. */
import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { scope } from '../../../records/input/fields.ts';
import type { RecordState } from '../../../records/kinds.ts';
import { mappingInput, parseMappingId } from '../../../records/mapping.ts';
import type { MappingRef } from '../../../records/mapping.ts';
import { mappingKeyOf, principalOfText } from '../../../records/principal.ts';
import { requireScopeExists } from '../../change/references.ts';
import { mappingNameWarnings } from '../../change/other-names.ts';
import { mappingWarnings } from '../../change/warnings.ts';
import { mappingsOfAllScopes, mappingsOfPrincipal } from '../../lists/mapping-lists.ts';
import { pageOrThrow } from '../../lists/store-results.ts';
import { AdminProblem, invalidInput } from '../../problem.ts';
import type { InputError } from '../../../json/parse-input.ts';
import { mappingAnswer } from '../answers.ts';
import { pageParameters, principalWord } from './common.ts';
import {
  createRoute,
  deleteRoute,
  getRoute,
  listRoute,
  recordRoutes,
  replaceRoute,
} from './record-routes.ts';
import type { Replacement } from './record-routes.ts';

const noSuchMapping = (): AdminProblem => new AdminProblem('not_found', 'There is no mapping of this id.');

const mappings = recordRoutes('mapping', {
  name: 'Mapping',
  tag: 'mappings',
  path: '/v1/mappings',
  parameter: 'mappingId',
  params: strictObject('the path', { mappingId: v.string() }),
  refOf: ({ mappingId }) => {
    const ref = parseMappingId(mappingId);
    if (ref === undefined) throw noSuchMapping();
    return ref;
  },
  notFound: noSuchMapping,
  who: 'writer',
  input: mappingInput,
  answer: mappingAnswer,
  toRecord: (input) => ({ ...input, owner: 'manual' }),
  warnings: mappingWarnings,
  compared: async (mapping, { store, clock }) => mappingNameWarnings(store, mapping, clock()),
  list: {
    summary: 'Mappings: all, those of a scope, those of a principal, or those of both. Pages can be short.',
    query: strictObject('the query', {
      ...pageParameters,
      scope: v.optional(scope),
      principal: v.optional(principalWord),
    }),
    read: async (store, query) => {
      const principal = query.principal === undefined ? undefined : principalOfText(query.principal);
      if (principal !== undefined) {
        return mappingsOfPrincipal(store, mappingKeyOf(principal), query.scope, query);
      }
      return query.scope === undefined
        ? mappingsOfAllScopes(store, query)
        : pageOrThrow(store.listMappingsByScope(query.scope, query));
    },
  },
  get: { summary: 'One mapping.' },
});

/** The principal as it was written, path and case included. */
function storedNames(current: RecordState<'mapping'>): Readonly<Record<string, unknown>> {
  if (current.state !== 'live') throw noSuchMapping();
  return { scope: current.stored.scope, principal: current.stored.principal };
}

/** @throws AdminProblem `owned_by_group_sync` */
function requireManual({ owner }: MappingRef): void {
  if (owner === 'manual') return;
  throw new AdminProblem(
    'owned_by_group_sync',
    'The group sync keeps this mapping: change its group binding, or the IAM group.',
  );
}

/** @throws AdminProblem `invalid_input` if a body names another mapping than its path */
function requireSame({ before, record }: Replacement<'mapping'>): void {
  const errors: InputError[] = [];
  const message = 'This never changes: delete the mapping and create another one.';
  if (record.scope !== before.scope) errors.push({ path: 'scope', message });
  // Under a former key an item may have the key of another principal: its record counts.
  if (mappingKeyOf(record.principal) !== mappingKeyOf(before.principal)) {
    errors.push({ path: 'principal', message });
  }
  if (errors.length > 0) throw invalidInput(errors);
}

export const mappingRoutes = [
  listRoute(mappings),
  getRoute(mappings),
  createRoute(mappings, {
    summary: 'Maps a principal in a scope. 409 if that mapping exists already.',
    verify: async ({ scope: where }, dependencies) => requireScopeExists(dependencies, where),
  }),
  replaceRoute(mappings, {
    summary: 'Replaces a mapping. Its scope and principal never change.',
    fromPath: ['scope', 'principal'],
    values: (_params, current) => storedNames(current),
    verify: async (replacement) => {
      requireManual(replacement.ref);
      requireSame(replacement);
    },
  }),
  deleteRoute(mappings, { summary: 'Deletes a mapping.', verify: async (ref) => requireManual(ref) }),
];
