/** From a method and a path to a route. Segments are decoded after the split, so `%2F` is no new segment. */
import { failed, ok, type Result } from '../../errors.ts';
import { pathSegments } from '../../http/message.ts';
import type { HttpRequest } from '../../http/message.ts';
import { AdminProblem } from '../problem.ts';
import type { Route } from './route.ts';

export interface MatchedRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export interface UnmatchedRoute {
  readonly problem: AdminProblem;
  /** The methods of the path, if only the method is wrong. */
  readonly allow?: readonly string[];
}

export function matchRoute(
  routes: readonly Route[],
  { method, path }: Pick<HttpRequest, 'method' | 'path'>,
): Result<MatchedRoute, UnmatchedRoute> {
  const segments = pathSegments(path);
  const onPath = routes.flatMap((route) => {
    const params = segments && paramsOf(route.path, segments);
    return params === undefined ? [] : [{ route, params }];
  });
  const found = onPath.find(({ route }) => route.method === method);
  if (found !== undefined) return ok(found);
  if (onPath.length === 0) {
    return failed({
      problem: new AdminProblem('not_found', 'There is no such route: see /v1/openapi.json.'),
    });
  }
  const allow = onPath.map(({ route }) => route.method);
  const problem = new AdminProblem('method_not_allowed', `This route accepts ${allow.join(' and ')}.`);
  return failed({ problem, allow });
}

/** @returns `undefined` if the template is not the path's; a variable is never empty */
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
