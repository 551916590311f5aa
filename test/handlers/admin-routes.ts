/** The routes of the admin API are tested in two files: those of single records, and all others. */
import type { Route } from '../../lib/admin/api/route.ts';

export const isRecordRoute = ({ path }: Pick<Route, 'path'>): boolean =>
  /^\/v1\/(?:sets|clusters|mappings|denials|group-bindings)\b/.test(path);
