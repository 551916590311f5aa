import * as z from 'zod/mini';
import { applyPlan, planFor } from '../../state/apply.ts';
import { desiredStateSchema, stateErrors } from '../../state/desired-state.ts';
import type { DesiredState } from '../../state/desired-state.ts';
import type { Plan, Step } from '../../state/plan.ts';
import { problemCodes, invalidInput } from '../../problem.ts';
import { defineRoute, noParams, noQuery } from '../route.ts';
import { summarized } from '../../change/warnings.ts';
import { writeQuery } from './common.ts';

const record = z.record(z.string(), z.unknown());
const step = z.strictObject({
  kind: z.enum(['cluster', 'set', 'mapping', 'denial', 'binding', 'webhook-token']),
  /** As in the change log: `mapping/<id>`. */
  target: z.string(),
  /** The version that the plan decided on. */
  version: z.optional(z.int()),
  before: z.optional(record),
  after: z.optional(record),
});
const fingerprint = z
  .string({ error: 'fingerprint must be that of the plan.' })
  .check(z.regex(/^sha256:[0-9a-f]{64}$/, { error: 'fingerprint must be that of the plan.' }));

const planAnswer = z.strictObject({
  fingerprint,
  creates: z.array(step),
  updates: z.array(step),
  deletes: z.array(step),
  unchanged: z.int(),
  warnings: z.array(z.string()),
});

const applyAnswer = z.strictObject({
  /** Targets that this call wrote. */
  applied: z.array(z.string()),
  failed: z.array(z.strictObject({ target: z.string(), code: z.enum(problemCodes), detail: z.string() })),
  /** Steps left over. While there are any, call again with the fingerprint below and the same state. */
  pending: z.int(),
  fingerprint,
});

function requireValid(state: DesiredState, base: string): void {
  const errors = stateErrors(state).map(({ path, message }) => ({ path: `${base}${path}`, message }));
  if (errors.length > 0) throw invalidInput(errors);
}

const stepAnswer = ({ kind, target, version, before, after }: Step): object => ({
  kind,
  target,
  version,
  before,
  after,
});

const answerOf = ({
  creates,
  updates,
  deletes,
  warnings,
  unreadable: _unreadable,
  ...rest
}: Plan): object => ({
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
  body: z.strictObject({ fingerprint, state: desiredStateSchema }),
  answers: { 200: z.union([applyAnswer, planAnswer]) },
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
