/** From a method and a path to a route. Segments are decoded after the split, so `%2F` is no new segment. */
import { pathSegments } from '../../http/message.ts';
import type { HttpRequest } from '../../http/message.ts';
import { AdminProblem } from '../problem.ts';
import type { Route } from './route.ts';

export type MatchedRoute =
  | { readonly ok: true; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: AdminProblem; readonly allow?: readonly string[] };

export function matchRoute(
  routes: readonly Route[],
  { method, path }: Pick<HttpRequest, 'method' | 'path'>,
): MatchedRoute {
  const segments = pathSegments(path);
  const onPath = routes.flatMap((route) => {
    const params = segments && paramsOf(route.path, segments);
    return params === undefined ? [] : [{ route, params }];
  });
  const found = onPath.find(({ route }) => route.method === method);
  if (found !== undefined) return { ok: true, ...found };
  if (onPath.length === 0) {
    return {
      ok: false,
      problem: new AdminProblem('not_found', 'There is no such route: see /v1/openapi.json.'),
    };
  }
  const allow = onPath.map(({ route }) => route.method);
  const problem = new AdminProblem('method_not_allowed', `This route takes ${allow.join(' and ')}.`);
  return { ok: false, problem, allow };
}

/** `undefined` where the template is another path's. A variable is never empty. */
function paramsOf(
  template: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const expected = template.slice(1).split('/');
  if (expected.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const segment = segments[index] ?? '';
    const variable = /^\{(\w+)\}$/.exec(part)?.[1];
    if (variable === undefined ? part !== segment : segment === '') return undefined;
    if (variable !== undefined) params[variable] = segment;
  }
  return params;
}
