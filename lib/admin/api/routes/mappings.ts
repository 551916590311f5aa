import * as z from 'zod/mini';
import { scope } from '../../../records/fields.ts';
import { parseMappingId } from '../../../records/mapping.ts';
import { principalKey, principalOfText } from '../../../records/principal.ts';
import { mappingInput } from '../../../records/schemas.ts';
import type { Mapping, MappingRef } from '../../../records/mapping.ts';
import { dryRunAnswer, listOf, mappingAnswer } from '../answers.ts';
import { requireChange } from '../../change/authorize.ts';
import { commit } from '../../change/commit.ts';
import type { AdminDependencies } from '../../dependencies.ts';
import { mappingsOfAllScopes, mappingsOfPrincipal } from '../../lists/mapping-lists.ts';
import { AdminProblem, invalidInput } from '../../problem.ts';
import type { InputError } from '../../problem.ts';
import { recordOf } from '../../../records/kinds.ts';
import { requireScopeExists } from '../../change/references.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { mappingWarnings } from '../../change/warnings.ts';
import { optionsOf, pageParameters, writeAnswer, writeQuery } from './common.ts';

const mappingParams = z.strictObject({ mappingId: z.string() });
const path = '/v1/mappings/{mappingId}';

const noSuchMapping = (): AdminProblem => new AdminProblem('not_found', 'There is no mapping of this id.');

function refOf(mappingId: string): MappingRef {
  const ref = parseMappingId(mappingId);
  if (ref === undefined) throw noSuchMapping();
  return ref;
}

export const principalWord = z.string().check(
  z.refine((text) => principalOfText(text) !== undefined, {
    error: 'principal must be an ARN, permission-set/<account>/<name> or an account id.',
  }),
);

const listMappings = defineRoute({
  id: 'listMappings',
  method: 'GET',
  path: '/v1/mappings',
  tag: 'mappings',
  summary: 'Mappings: all, those of a scope, those of a principal, or those of both. Pages can be short.',
  who: 'reader',
  params: noParams,
  query: z.strictObject({
    ...pageParameters,
    scope: z.optional(scope),
    principal: z.optional(principalWord),
  }),
  body: noBody,
  answers: { 200: listOf(mappingAnswer) },
  handle: async ({ query }, { store }) => {
    const principal = query.principal === undefined ? undefined : principalOfText(query.principal);
    if (principal !== undefined) {
      return {
        status: 200,
        body: await mappingsOfPrincipal(store, principalKey(principal), query.scope, query),
      };
    }
    const body =
      query.scope === undefined
        ? await mappingsOfAllScopes(store, query)
        : await pageOrThrow(store.listMappingsByScope(query.scope, query));
    return { status: 200, body };
  },
});

const getMapping = defineRoute({
  id: 'getMapping',
  method: 'GET',
  path,
  tag: 'mappings',
  summary: 'One mapping.',
  who: 'reader',
  params: mappingParams,
  query: noQuery,
  body: noBody,
  answers: { 200: mappingAnswer },
  handle: async ({ params }, { store }) => {
    const state = await readOrThrow(store.read('mapping', refOf(params.mappingId)));
    if (state.state !== 'live') throw noSuchMapping();
    return { status: 200, body: state.stored, version: state.version };
  },
});

const createMapping = defineRoute({
  id: 'createMapping',
  method: 'POST',
  path: '/v1/mappings',
  tag: 'mappings',
  summary: 'Maps a principal in a scope. Where that mapping exists already: 409.',
  who: 'writer',
  params: noParams,
  query: writeQuery,
  body: mappingInput,
  answers: { 200: dryRunAnswer, 201: mappingAnswer },
  handle: async (request, dependencies) => {
    const mapping: Mapping = { ...request.body, owner: 'manual' };
    requireChange(request.caller, 'mapping', undefined, mapping);
    const ref = { scope: mapping.scope, principalKey: principalKey(mapping.principal), owner: mapping.owner };
    const current = await readOrThrow(dependencies.store.read('mapping', ref));
    await requireScopeExists(dependencies, mapping.scope);
    const options = { ...optionsOf(request), mustBeNew: true };
    return writeAnswer(
      await commit(dependencies, current, mapping, options),
      request.query,
      mappingWarnings(mapping),
    );
  },
});

/** @throws AdminProblem where a body names another mapping than the path */
function requireSame(ref: MappingRef, mapping: Mapping): void {
  const errors: InputError[] = [];
  const message = 'This never changes: delete the mapping and make another one.';
  if (mapping.scope !== ref.scope) errors.push({ path: 'scope', message });
  if (principalKey(mapping.principal) !== ref.principalKey) errors.push({ path: 'principal', message });
  if (errors.length > 0) throw invalidInput(errors);
}

/** The principal as it was written, path and case included. */
async function storedNames(
  { mappingId = '' }: Readonly<Record<string, string>>,
  { store }: AdminDependencies,
): Promise<Readonly<Record<string, unknown>>> {
  const state = await readOrThrow(store.read('mapping', refOf(mappingId)));
  if (state.state !== 'live') throw noSuchMapping();
  const { scope: where, principal } = state.stored;
  return { scope: where, principal };
}

const ownedBySync = (): AdminProblem =>
  new AdminProblem(
    'owned_by_group_sync',
    'The group sync keeps this mapping: change its group binding, or the IAM group.',
  );

const putMapping = defineRoute({
  id: 'putMapping',
  method: 'PUT',
  path,
  tag: 'mappings',
  summary: 'Replaces a mapping. Its scope and principal never change.',
  who: 'writer',
  params: mappingParams,
  query: writeQuery,
  body: mappingInput,
  implied: { fields: ['scope', 'principal'], values: storedNames },
  answers: { 200: z.union([mappingAnswer, dryRunAnswer]) },
  handle: async (request, dependencies) => {
    const ref = refOf(request.params.mappingId);
    const mapping: Mapping = { ...request.body, owner: 'manual' };
    const current = await readOrThrow(dependencies.store.read('mapping', ref));
    if (current.state !== 'live') throw noSuchMapping();
    // A moved scope is asked about on both sides, before it is refused for being moved.
    requireChange(request.caller, 'mapping', recordOf('mapping', current.stored), mapping);
    if (ref.owner === 'group-sync') throw ownedBySync();
    requireSame(ref, mapping);
    const committed = await commit(dependencies, current, mapping, optionsOf(request));
    return writeAnswer(committed, request.query, mappingWarnings(mapping));
  },
});

const deleteMapping = defineRoute({
  id: 'deleteMapping',
  method: 'DELETE',
  path,
  tag: 'mappings',
  summary: 'Deletes a mapping.',
  who: 'writer',
  params: mappingParams,
  query: writeQuery,
  body: noBody,
  answers: { 200: dryRunAnswer, 204: null },
  handle: async (request, dependencies) => {
    const ref = refOf(request.params.mappingId);
    const current = await readOrThrow(dependencies.store.read('mapping', ref));
    if (current.state !== 'live') throw noSuchMapping();
    requireChange(request.caller, 'mapping', recordOf('mapping', current.stored), undefined);
    if (ref.owner === 'group-sync') throw ownedBySync();
    return writeAnswer(await commit(dependencies, current, undefined, optionsOf(request)), request.query);
  },
});

export const mappingRoutes = [listMappings, getMapping, createMapping, putMapping, deleteMapping];
