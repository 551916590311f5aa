/**
 * The routes that every kind of record has: list, get, write and delete. What differs from kind to kind is data, or a
 * hook with a name (`records.ts`).
 */
import * as v from 'valibot';
import { kinds } from '../../../records/kinds.ts';
import type { RecordKind, RecordOf, RecordState, RefOf, StoredOf } from '../../../records/kinds.ts';
import type { Page, RecordLists } from '../../../store/ports.ts';
import type { Who } from '../../change/authorize.ts';
import { commit, commitMoved } from '../../change/commit.ts';
import { deleteRecord } from '../../change/delete-record.ts';
import { isStale } from '../../change/move.ts';
import type { Warning } from '../../change/warnings.ts';
import type { AdminDependencies } from '../../dependencies.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import type { AdminProblem } from '../../problem.ts';
import { dryRunAnswer, listOf } from '../answers.ts';
import type { RecordAnswer } from '../answers.ts';
import { defineRoute, defineRouteWithPathFields, noBody, noContent, noParams, noQuery } from '../route.ts';
import type { PathFields, Route, Schema } from '../route.ts';
import { deletedAnswer, optionsOf, putAnswer, rehearsedAnswer, storedBody, writeQuery } from './common.ts';
import type { WriteQuery } from './common.ts';

/** What a kind of record has of its own. `P`: the parameters of its path, `Q`: the query of its list, `B`: its input. */
export interface RecordRoutes<K extends RecordKind, P, Q, B> {
  readonly kind: K;
  /** In operation ids: `listClusters`, `getCluster`. */
  readonly name: string;
  readonly tag: string;
  /** Of the list; a record is at `path/{parameter}`. */
  readonly path: string;
  readonly parameter: keyof P & string;
  readonly params: Schema<P>;
  /** @throws AdminProblem `not_found` if the parameter is the ref of no record */
  readonly refOf: (params: P) => RefOf<K>;
  readonly notFound: (params: P) => AdminProblem;
  /** Who may write. */
  readonly who: Who;
  readonly input: Schema<B>;
  readonly answer: Schema<RecordAnswer<K>>;
  readonly toRecord: (input: B) => RecordOf<K>;
  readonly warnings: (record: RecordOf<K>) => readonly Warning[];
  /** Warnings that need other records: computed before the write, once the caller is authorized. It does not throw. */
  readonly compared?:
    ((record: RecordOf<K>, dependencies: AdminDependencies) => Promise<readonly Warning[]>) | undefined;
  readonly list: {
    readonly summary: string;
    readonly query: Schema<Q>;
    readonly read: (store: RecordLists, query: Q) => Promise<Page<StoredOf<K>>>;
  };
  readonly get: { readonly summary: string };
}

/** Infers the types of a kind of record from its parts. */
export const recordRoutes = <K extends RecordKind, P, Q, B>(
  kind: K,
  hooks: Omit<RecordRoutes<K, P, Q, B>, 'kind'>,
): RecordRoutes<K, P, Q, B> => ({ ...hooks, kind });

/** A write that a kind of record has. */
interface Write<Subject> {
  readonly summary: string;
  /**
   * Checks what the write refers to, once the caller is authorized.
   * @throws AdminProblem
   */
  readonly verify?: ((subject: Subject, dependencies: AdminDependencies) => Promise<void>) | undefined;
}

interface PathWrite<K extends RecordKind, P, Subject> extends Write<Subject> {
  /** Fields that the body may leave out, since the path names the record. */
  readonly fromPath: readonly string[];
  readonly values: (params: P, current: RecordState<K>) => Readonly<Record<string, unknown>>;
}

/** A record and the one that its path names. */
export interface Replacement<K extends RecordKind> {
  readonly ref: RefOf<K>;
  /** The record that the path names. */
  readonly before: RecordOf<K>;
  readonly record: RecordOf<K>;
}

type DryRun = v.InferOutput<typeof dryRunAnswer>;
type Put<K extends RecordKind> = { 200: RecordAnswer<K> | DryRun; 201: RecordAnswer<K> };

export const listRoute = <K extends RecordKind, P, Q, B>(kind: RecordRoutes<K, P, Q, B>): Route => {
  const item: Schema<StoredOf<K>> = kind.answer;
  return defineRoute<object, Q, undefined, { 200: Page<StoredOf<K>> }>({
    id: `list${kind.name}s`,
    method: 'GET',
    path: kind.path,
    tag: kind.tag,
    summary: kind.list.summary,
    who: 'reader',
    params: noParams,
    query: kind.list.query,
    body: noBody,
    answers: { 200: listOf(item) },
    handle: async ({ query }, { store }) => ({ status: 200, body: await kind.list.read(store, query) }),
  });
};

const recordPath = ({ path, parameter }: { readonly path: string; readonly parameter: string }): string =>
  `${path}/{${parameter}}`;

async function readCurrent<K extends RecordKind, P, Q, B>(
  { kind, refOf }: RecordRoutes<K, P, Q, B>,
  params: P,
  { store }: AdminDependencies,
): Promise<RecordState<K>> {
  return readOrThrow(store.read(kind, refOf(params)));
}

export const getRoute = <K extends RecordKind, P, Q, B>(kind: RecordRoutes<K, P, Q, B>): Route =>
  defineRoute<P, object, undefined, { 200: RecordAnswer<K> }>({
    id: `get${kind.name}`,
    method: 'GET',
    path: recordPath(kind),
    tag: kind.tag,
    summary: kind.get.summary,
    who: 'reader',
    params: kind.params,
    query: noQuery,
    body: noBody,
    answers: { 200: kind.answer },
    handle: async ({ params }, dependencies) => {
      const state = await readCurrent(kind, params, dependencies);
      if (state.state !== 'live') throw kind.notFound(params);
      return { status: 200, body: state.stored, version: state.version };
    },
  });

const writeParts = <K extends RecordKind, P, Q, B>({ tag, who }: RecordRoutes<K, P, Q, B>) => ({
  tag,
  who,
  query: writeQuery,
});

const orDryRun = <K extends RecordKind>(answer: Schema<RecordAnswer<K>>): Schema<RecordAnswer<K> | DryRun> =>
  v.union([answer, dryRunAnswer]);

/** The check of a write, and its warnings once that check has run. */
function warned<K extends RecordKind, P, Q, B, Subject>(
  kind: RecordRoutes<K, P, Q, B>,
  record: RecordOf<K>,
  dependencies: AdminDependencies,
  verify: Write<Subject>['verify'],
  subject: Subject,
): { readonly verify: () => Promise<void>; readonly warnings: () => readonly Warning[] } {
  let compared: readonly Warning[] = [];
  return {
    verify: async () => {
      await verify?.(subject, dependencies);
      compared = (await kind.compared?.(record, dependencies)) ?? [];
    },
    warnings: () => [...kind.warnings(record), ...compared],
  };
}

/** `PUT path/{parameter}`: creates or replaces. */
export const putRoute = <K extends RecordKind, P, Q, B>(
  kind: RecordRoutes<K, P, Q, B>,
  put: PathWrite<K, P, RecordOf<K>> & {
    /** @throws AdminProblem if the body names another record than the path */
    readonly requireSame: (params: P, record: RecordOf<K>) => void;
  },
): Route =>
  defineRouteWithPathFields<P, WriteQuery, B, Put<K>, RecordState<K>>({
    ...writeParts(kind),
    id: `put${kind.name}`,
    method: 'PUT',
    path: recordPath(kind),
    summary: put.summary,
    params: kind.params,
    body: kind.input,
    pathFields: pathFieldsOf(kind, put),
    answers: { 200: orDryRun(kind.answer), 201: kind.answer },
    handle: async (request, dependencies) => {
      const record = kind.toRecord(request.body);
      put.requireSame(request.params, record);
      const { verify, warnings } = warned(kind, record, dependencies, put.verify, record);
      const committed = await commit(dependencies, request.found, record, { ...optionsOf(request), verify });
      return putAnswer(committed, warnings());
    },
  });

/** `PUT path/{parameter}`: replaces a record that exists. */
export const replaceRoute = <K extends RecordKind, P, Q, B>(
  kind: RecordRoutes<K, P, Q, B>,
  put: PathWrite<K, P, Replacement<K>>,
): Route =>
  defineRouteWithPathFields<P, WriteQuery, B, Pick<Put<K>, 200>, RecordState<K>>({
    ...writeParts(kind),
    id: `put${kind.name}`,
    method: 'PUT',
    path: recordPath(kind),
    summary: put.summary,
    params: kind.params,
    body: kind.input,
    pathFields: pathFieldsOf(kind, put),
    answers: { 200: orDryRun(kind.answer) },
    handle: async (request, dependencies) => {
      const { found } = request;
      if (found.state !== 'live') throw kind.notFound(request.params);
      const record = kind.toRecord(request.body);
      const subject = { ref: found.ref, before: found.record, record };
      const { verify, warnings: warningsOf } = warned(kind, record, dependencies, put.verify, subject);
      const write = isStale(found) ? commitMoved : commit;
      const committed = await write(dependencies, found, record, { ...optionsOf(request), verify });
      const warnings = warningsOf();
      return committed.outcome === 'dry_run'
        ? rehearsedAnswer(committed, warnings)
        : { status: 200, ...storedBody(committed, warnings) };
    },
  });

const pathFieldsOf = <K extends RecordKind, P, Q, B, Subject>(
  kind: RecordRoutes<K, P, Q, B>,
  { fromPath, values }: PathWrite<K, P, Subject>,
): PathFields<P, RecordState<K>> => ({
  names: fromPath,
  read: async (params, dependencies) => readCurrent(kind, params, dependencies),
  values,
});

/** `POST path`: creates; 409 if the record exists. */
export const createRoute = <K extends RecordKind, P, Q, B>(
  kind: RecordRoutes<K, P, Q, B>,
  create: Write<RecordOf<K>>,
): Route =>
  defineRoute<object, WriteQuery, B, { 200: DryRun; 201: RecordAnswer<K> }>({
    ...writeParts(kind),
    id: `create${kind.name}`,
    method: 'POST',
    path: kind.path,
    summary: create.summary,
    params: noParams,
    body: kind.input,
    answers: { 200: dryRunAnswer, 201: kind.answer },
    handle: async (request, dependencies) => {
      const { record, current } = await readNamed(kind, request.body, dependencies);
      const { verify, warnings: warningsOf } = warned(kind, record, dependencies, create.verify, record);
      const options = { ...optionsOf(request), mustBeNew: true, verify };
      const committed = await commit(dependencies, current, record, options);
      const warnings = warningsOf();
      return committed.outcome === 'dry_run'
        ? rehearsedAnswer(committed, warnings)
        : { status: 201, ...storedBody(committed, warnings) };
    },
  });

/** The record of a body, and what the table holds under its key. */
async function readNamed<K extends RecordKind, P, Q, B>(
  { kind, toRecord }: RecordRoutes<K, P, Q, B>,
  body: B,
  { store }: AdminDependencies,
): Promise<{ readonly record: RecordOf<K>; readonly current: RecordState<K> }> {
  const record = toRecord(body);
  return { record, current: await readOrThrow(store.read(kind, kinds[kind].refOf(record))) };
}

export const deleteRoute = <K extends RecordKind, P, Q, B>(
  kind: RecordRoutes<K, P, Q, B>,
  remove: Write<RefOf<K>>,
): Route =>
  defineRoute<P, WriteQuery, undefined, { 200: DryRun; 204: undefined }>({
    ...writeParts(kind),
    id: `delete${kind.name}`,
    method: 'DELETE',
    path: recordPath(kind),
    summary: remove.summary,
    params: kind.params,
    body: noBody,
    answers: { 200: dryRunAnswer, 204: noContent },
    handle: async (request, dependencies) => {
      const ref = kind.refOf(request.params);
      const notFound = () => kind.notFound(request.params);
      const verify = async () => remove.verify?.(ref, dependencies);
      const options = { ...optionsOf(request), verify };
      return deletedAnswer(await deleteRecord(dependencies, kind.kind, ref, notFound, options));
    },
  });
