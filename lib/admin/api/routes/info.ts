import * as z from 'zod/mini';
import { roleName } from '../../change/authorize.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';

const infoAnswer = z.strictObject({
  version: z.string(),
  region: z.string(),
  table: z.string(),
  reviewEndpoint: z.optional(z.string()),
  /** The caller's, by COUNTERSIGN_ADMINS. */
  role: z.enum(['admin', 'operator', 'auditor', 'none']),
  scopes: z.optional(z.array(z.string())),
});

export const getInfo = defineRoute({
  id: 'getInfo',
  method: 'GET',
  path: '/v1/info',
  tag: 'deployment',
  summary: 'What this deployment is, and the role of the caller.',
  who: 'anyone',
  params: noParams,
  query: noQuery,
  body: noBody,
  answers: { 200: infoAnswer },
  handle: async ({ caller }, { info }) => {
    const scopes =
      typeof caller.role !== 'string' && caller.role.name === 'operator' ? caller.role.scopes : undefined;
    return { status: 200, body: { ...info, role: roleName(caller), scopes } };
  },
});
