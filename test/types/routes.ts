/** Compiled, never run: the schemas of a route's answers type what its handler returns. */
import * as v from 'valibot';
import { defineRoute, noBody, noContent, noParams, noQuery } from '../../lib/admin/api/route.ts';
import type { Answer } from '../../lib/admin/api/route.ts';
import { takes } from './takes.ts';

const parts = {
  id: 'getTeam',
  method: 'GET',
  path: '/v1/team',
  tag: 'teams',
  summary: 'A team.',
  who: 'reader',
  params: noParams,
  query: noQuery,
  body: noBody,
} as const;
const team = v.strictObject({ name: v.string(), members: v.optional(v.number()) });
const answers = { 200: team, 204: noContent };

const route = { ...parts, answers };

defineRoute({ ...route, handle: async () => ({ status: 200, body: { name: 'ops' } }) });
defineRoute({ ...route, handle: async () => ({ status: 204, body: undefined }) });
// @ts-expect-error -- a status that the route does not document
defineRoute({ ...route, handle: async () => ({ status: 201, body: { name: 'ops' } }) });
// @ts-expect-error -- a body without a required field
defineRoute({ ...route, handle: async () => ({ status: 200, body: { members: 3 } }) });
// @ts-expect-error -- a field of another type
defineRoute({ ...route, handle: async () => ({ status: 200, body: { name: 'ops', members: '3' } }) });
// @ts-expect-error -- no body where there must be one
defineRoute({ ...route, handle: async () => ({ status: 200, body: undefined }) });
// @ts-expect-error -- a body where there is none
defineRoute({ ...route, handle: async () => ({ status: 204, body: { name: 'ops' } }) });

// A field too many is refused where the body is written out.
takes<Answer<{ 200: v.InferOutput<typeof team> }>>({
  status: 200,
  // @ts-expect-error -- the document has no such field
  body: { name: 'ops', secret: 'x' },
});
