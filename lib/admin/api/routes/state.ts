import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { applyPlan, planFor } from '../../state/apply.ts';
import { desiredStateSchema, stateErrors } from '../../state/desired-state.ts';
import type { DesiredState } from '../../state/desired-state.ts';
import type { Plan, Step } from '../../state/plan.ts';
import { problemCodes, invalidInput } from '../../problem.ts';
import { anyRecord, changeKinds, listSchema, whole } from '../answers.ts';
import { defineRoute, noParams, noQuery } from '../route.ts';
import { summarized } from '../../change/warnings.ts';
import { writeQuery } from './common.ts';

const step = v.strictObject({
  kind: v.picklist(changeKinds),
  /** As in the change log: `mapping/<id>`. */
  target: v.string(),
  /** The version that the plan decided on. */
  version: v.optional(whole),
  before: v.optional(anyRecord),
  after: v.optional(anyRecord),
  /** A create of an entry that is under a key of an earlier version, or the delete of its old item: together they move it. */
  staleKey: v.optional(v.literal(true)),
});
const fingerprintRule = 'fingerprint must be that of the plan.';
const fingerprint = v.pipe(v.string(fingerprintRule), v.regex(/^sha256:[0-9a-f]{64}$/, fingerprintRule));

const planAnswer = v.strictObject({
  fingerprint,
  creates: listSchema(step),
  updates: listSchema(step),
  deletes: listSchema(step),
  unchanged: whole,
  warnings: listSchema(v.string()),
});

const applyAnswer = v.strictObject({
  /** Targets that this call wrote. */
  applied: listSchema(v.string()),
  failed: listSchema(
    v.strictObject({ target: v.string(), code: v.picklist(problemCodes), detail: v.string() }),
  ),
  /** Steps left over. While there are any, call again with the fingerprint below and the same state. */
  pending: whole,
  fingerprint,
});

function requireValid(state: DesiredState, base: string): void {
  const errors = stateErrors(state).map(({ path, message }) => ({ path: `${base}${path}`, message }));
  if (errors.length > 0) throw invalidInput(errors);
}

const stepAnswer = ({ kind, target, version, before, after, staleKey }: Step) => ({
  kind,
  target,
  version,
  before,
  after,
  staleKey,
});

const answerOf = ({ creates, updates, deletes, warnings, unreadable: _unreadable, ...rest }: Plan) => ({
  ...rest,
  creates: creates.map(stepAnswer),
  updates: updates.map(stepAnswer),
  deletes: deletes.map(stepAnswer),
  warnings: summarized(warnings),
});

const planRoute = defineRoute({
  id: 'plan',
  method: 'POST',
  path: '/v1/plan',
  tag: 'desired state',
  summary: 'The difference between the table and a desired state. A bad entry refuses the whole plan.',
  who: 'reader',
  params: noParams,
  query: noQuery,
  body: desiredStateSchema,
  answers: { 200: planAnswer },
  handle: async ({ body }, dependencies) => {
    requireValid(body, '');
    return { status: 200, body: answerOf(await planFor(dependencies, body)) };
  },
});

const applyRoute = defineRoute({
  id: 'apply',
  method: 'POST',
  path: '/v1/apply',
  tag: 'desired state',
  summary:
    'Applies a plan: creates, updates, deletes, 500 a call at most. 409 plan_moved where what it decided on has changed.',
  who: 'admin',
  params: noParams,
  query: writeQuery,
  body: strictObject('the body', { fingerprint, state: desiredStateSchema }),
  answers: { 200: v.union([applyAnswer, planAnswer]) },
  handle: async ({ body, query, caller }, dependencies) => {
    requireValid(body.state, 'state.');
    if (query.dryRun === true) {
      return { status: 200, body: answerOf(await planFor(dependencies, body.state)) };
    }
    const options = { caller, force: query.force };
    return { status: 200, body: await applyPlan(dependencies, body.state, body.fingerprint, options) };
  },
});

export const stateRoutes = [planRoute, applyRoute];
