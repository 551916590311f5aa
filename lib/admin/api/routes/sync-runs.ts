import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { flag, name, setOf } from '../../../records/input/fields.ts';
import { SyncRun } from '../../../records/sync-run.ts';
import { listOf } from '../answers.ts';
import { AdminProblem, invalidInput } from '../../problem.ts';
import type { InputError } from '../../../json/parse-input.ts';
import { defineRoute, noBody, noParams, noQuery } from '../route.ts';
import { pageOrThrow, readOrThrow } from '../../lists/store-results.ts';
import { dryRunQuery, pageQuery } from './common.ts';
import type { AdminDependencies } from '../../dependencies.ts';

const path = '/v1/group-sync/runs';
const runParams = strictObject('the path', { runId: v.string() });

const runInput = strictObject('the body', {
  dryRun: v.optional(flag('dryRun')),
  /** Absent: all, and those that were deleted. */
  bindings: v.optional(setOf('bindings', name('a binding'), 200)),
  force: v.optional(flag('force')),
});

async function requireBindingsExist({ store }: AdminDependencies, ids: readonly string[]): Promise<void> {
  const states = await readOrThrow(
    store.readMany(
      'binding',
      ids.map((id) => ({ id })),
    ),
  );
  const errors = states.flatMap((state, index): InputError[] =>
    state.state === 'live'
      ? []
      : [{ path: `bindings[${index}]`, message: `There is no group binding ${state.ref.id}.` }],
  );
  if (errors.length > 0) throw invalidInput(errors);
}

const startRun = defineRoute({
  id: 'startGroupSync',
  method: 'POST',
  path,
  tag: 'group sync',
  summary: 'Starts a run of the group sync: 202, and the run goes on by itself.',
  who: 'admin',
  params: noParams,
  query: dryRunQuery,
  body: v.optional(runInput, {}),
  answers: { 202: v.strictObject({ id: v.string() }) },
  handle: async ({ body, query, caller }, dependencies) => {
    const { store, startSync, newRunId, clock } = dependencies;
    await requireBindingsExist(dependencies, body.bindings ?? []);
    const request = {
      runId: newRunId(),
      requestedBy: caller.actor,
      dryRun: body.dryRun === true || query.dryRun === true,
      only: body.bindings,
      force: body.force === true,
    };
    const { runId: id, requestedBy, dryRun, only, force } = request;
    const startedAt = new Date(clock()).toISOString();
    const run = {
      id,
      state: 'running',
      dryRun,
      requestedBy,
      startedAt,
      force,
      only,
      written: 0,
      bindings: [],
    } as const;
    await readOrThrow(store.putRun({ ...run, only: only && [...only], bindings: [] }));
    try {
      await startSync(request);
    } catch (error) {
      const detail = 'The sync function could not be started.';
      await store.putRun({
        ...run,
        only: only && [...only],
        bindings: [],
        state: 'failed',
        finishedAt: startedAt,
        detail,
      });
      throw new AdminProblem('sync_not_started', `${detail} Run ${id} is recorded as failed; try again.`, {
        cause: error,
      });
    }
    return { status: 202, body: { id } };
  },
});

const listRuns = defineRoute({
  id: 'listGroupSyncRuns',
  method: 'GET',
  path,
  tag: 'group sync',
  summary: 'Runs of the group sync, the newest first.',
  who: 'reader',
  params: noParams,
  query: pageQuery,
  body: noBody,
  answers: { 200: listOf(SyncRun) },
  handle: async ({ query }, { store }) => ({ status: 200, body: await pageOrThrow(store.listRuns(query)) }),
});

const getRun = defineRoute({
  id: 'getGroupSyncRun',
  method: 'GET',
  path: `${path}/{runId}`,
  tag: 'group sync',
  summary: 'One run of the group sync.',
  who: 'reader',
  params: runParams,
  query: noQuery,
  body: noBody,
  answers: { 200: SyncRun },
  handle: async ({ params }, { store }) => {
    const run = await readOrThrow(store.readRun(params.runId));
    if (run === undefined) throw new AdminProblem('not_found', `There is no run ${params.runId}.`);
    return { status: 200, body: run };
  },
});

export const syncRoutes = [startRun, listRuns, getRun];
