/** The HTTP side of whoami. */
import { runDecision } from '../review/decision.ts';
import type { DecisionContext } from '../review/decision.ts';
import { describeCallerError } from '../errors.ts';
import type { CallerError } from '../errors.ts';
import { callerErrorStatus } from '../kubernetes/answer.ts';
import type { Answerable } from '../kubernetes/answer.ts';
import { sentenceOf } from '../review/trace.ts';
import type { TraceNotes } from '../review/trace.ts';
import { toPublic, whoami } from '../review/whoami.ts';
import type { WhoamiDependencies } from '../review/whoami.ts';
import { clusterRoute, errorHeaders, healthy } from './cluster-route.ts';
import { bearerToken, jsonResponse } from './message.ts';
import type { HttpHandler, HttpResponse } from './message.ts';

/** Answers `POST /v1/clusters/{clusterId}/whoami` and `GET /healthz`. */
export function createWhoamiHandler(dependencies: WhoamiDependencies, context: DecisionContext): HttpHandler {
  return async (request) => {
    const route = clusterRoute(request, 'whoami');
    if (route.kind === 'health') return healthy;
    const clusterId = route.kind === 'cluster' ? route.clusterId : '';
    const { decision, trace } = await runDecision(context, 'whoami', async (trace, signal) => {
      if (route.kind === 'refused') return route.error;
      const token = bearerToken(request.headers) ?? '';
      return whoami(dependencies, { clusterId, token }, trace, signal);
    });
    return decision.outcome === 'caller_error'
      ? refusal(decision)
      : jsonResponse(200, toBody(toPublic(decision, clusterId), clusterId, trace.notes, trace.decisionId));
  };
}

const refusal = (error: CallerError): HttpResponse =>
  jsonResponse(
    callerErrorStatus[error.code][0],
    { code: error.code, detail: describeCallerError(error) },
    errorHeaders(error),
  );

function toBody(decision: Answerable, clusterId: string, notes: TraceNotes, decisionId: string): object {
  const { identity, user } = notes;
  return {
    clusterId,
    outcome: decision.outcome,
    code: decision.outcome === 'verified' ? 'verified' : decision.code,
    detail: sentenceOf(decision) ?? `You enter ${clusterId} as ${user?.username ?? ''}.`,
    decisionId,
    ...(identity === undefined
      ? {}
      : {
          identity: {
            arn: identity.arn,
            canonicalArn: identity.canonicalArn,
            accountId: identity.accountId,
            principalId: identity.principalId,
            sessionName: identity.sessionName,
            accessKeyId: identity.accessKeyId,
          },
        }),
    ...(decision.outcome === 'verified' && user !== undefined
      ? { username: user.username, groups: user.groups, grantedBy: user.grantedBy }
      : {}),
  };
}
