import * as v from 'valibot';
import { roleName } from '../../change/authorize.ts';
import { listSchema } from '../answers.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';

const infoAnswer = v.strictObject({
  version: v.string(),
  region: v.string(),
  table: v.string(),
  reviewEndpoint: v.optional(v.string()),
  /** The caller's, by COUNTERSIGN_ADMINS. */
  role: v.picklist(['admin', 'operator', 'auditor', 'none']),
  scopes: v.optional(listSchema(v.string())),
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
