/** The HTTP side of whoami. */
import { runDecision } from '../review/decision.ts';
import type { DecisionContext } from '../review/decision.ts';
import { denied, describe, describeCallerError } from '../errors.ts';
import type { CallerError } from '../errors.ts';
import type { ReportedIdentity } from '../identity/caller-identity.ts';
import { callerErrorStatus } from '../kubernetes/answer.ts';
import type { ReviewTrace } from '../review/trace.ts';
import { toPublic, whoami } from '../review/whoami.ts';
import type { Decision, WhoamiDependencies } from '../review/whoami.ts';
import { clusterRoute, errorHeaders, healthy } from './cluster-route.ts';
import { bearerToken, jsonResponse } from './message.ts';
import type { HttpHandler, HttpResponse } from './message.ts';

/** Answers `POST /v1/clusters/{clusterId}/whoami` and `GET /healthz`. */
export function createWhoamiHandler(dependencies: WhoamiDependencies, context: DecisionContext): HttpHandler {
  return async (request) => {
    const route = clusterRoute(request, 'whoami');
    if (route.kind === 'health') return healthy;
    if (route.kind === 'refused') {
      await runDecision(context, 'whoami', async () => route.error);
      return refusal(route.error);
    }
    const { clusterId } = route;
    const token = bearerToken(request.headers);
    const { decision, trace } = await runDecision<Decision>(context, 'whoami', async (trace, signal) =>
      token === undefined
        ? denied('foreign_token', {}).failure
        : whoami(dependencies, { clusterId, token }, trace, signal),
    );
    return jsonResponse(200, toBody(toPublic(decision, clusterId, trace.notes.identity), clusterId, trace));
  };
}

const refusal = (error: CallerError): HttpResponse =>
  jsonResponse(
    callerErrorStatus[error.code][0],
    { code: error.code, detail: describeCallerError(error) },
    errorHeaders(error),
  );

function toBody(decision: Decision, clusterId: string, { notes, decisionId }: ReviewTrace): object {
  const { identity, user } = notes;
  return {
    clusterId,
    outcome: decision.outcome,
    ...(decision.outcome === 'verified'
      ? { code: 'verified', detail: `You enter ${clusterId} as ${decision.user.username}.` }
      : { code: decision.code, detail: describe(decision) }),
    decisionId,
    ...(identity === undefined ? {} : { identity: identityFields(identity) }),
    ...(decision.outcome === 'verified' && user !== undefined
      ? { username: user.username, groups: user.groups, grantedBy: user.grantedBy }
      : {}),
  };
}

const identityFields = (identity: ReportedIdentity): object => ({
  arn: identity.arn,
  canonicalArn: identity.canonicalArn,
  accountId: identity.accountId,
  principalId: identity.principalId,
  sessionName: identity.sessionName ?? '',
  accessKeyId: identity.accessKeyId,
});
