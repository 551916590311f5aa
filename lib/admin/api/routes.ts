/** Every route of the admin API. */
import { anyRecord } from './answers.ts';
import { openApiDocument } from './openapi.ts';
import { defineRoute, noBody, noParams, noQuery } from './route.ts';
import type { Route } from './route.ts';
import { getAccess } from './routes/access.ts';
import { bindingRoutes } from './routes/bindings.ts';
import { changeRoutes } from './routes/changes.ts';
import { clusterRoutes } from './routes/clusters.ts';
import { denialRoutes } from './routes/denials.ts';
import { explainRoute } from './routes/explain.ts';
import { getInfo } from './routes/info.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { setRoutes } from './routes/sets.ts';
import { stateRoutes } from './routes/state.ts';
import { syncRoutes } from './routes/sync-runs.ts';
import { webhookTokenRoutes } from './routes/webhook-tokens.ts';

const getOpenApi = defineRoute({
  id: 'getOpenApi',
  method: 'GET',
  path: '/v1/openapi.json',
  tag: 'deployment',
  summary: 'This API as an OpenAPI 3.1 document.',
  who: 'anyone',
  params: noParams,
  query: noQuery,
  body: noBody,
  answers: { 200: anyRecord },
  handle: async (_request, { info }) => ({ status: 200, body: openApiDocument(adminRoutes, info.version) }),
});

export const adminRoutes: readonly Route[] = [
  getInfo,
  getOpenApi,
  ...clusterRoutes,
  ...webhookTokenRoutes,
  ...setRoutes,
  ...mappingRoutes,
  ...denialRoutes,
  ...bindingRoutes,
  ...syncRoutes,
  explainRoute,
  getAccess,
  ...stateRoutes,
  ...changeRoutes,
];
