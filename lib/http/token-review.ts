/** The HTTP side of a review: request in, TokenReview or Status out. */
import { runDecision } from '../review/decision.ts';
import type { DecisionContext } from '../review/decision.ts';
import { answerTokenReview } from '../kubernetes/answer.ts';
import type { Answerable } from '../kubernetes/answer.ts';
import { reviewToken } from '../review/review-token.ts';
import type { ReviewDependencies } from '../review/review-token.ts';
import type { ReviewTrace } from '../review/trace.ts';
import { clusterRoute, errorHeaders, healthy } from './cluster-route.ts';
import { bearerToken, jsonResponse } from './message.ts';
import type { HttpHandler, HttpResponse } from './message.ts';

/** Answers `POST /v1/clusters/{clusterId}/tokenreviews` and `GET /healthz`. */
export function createTokenReviewHandler(
  dependencies: ReviewDependencies,
  context: DecisionContext,
): HttpHandler {
  return async (request) => {
    const route = clusterRoute(request, 'tokenreviews');
    if (route.kind === 'health') return healthy;
    const { decision, trace } = await runDecision(context, 'token-review', async (trace, signal) => {
      if (route.kind === 'refused') return route.error;
      const webhookToken = bearerToken(request.headers);
      const { clusterId } = route;
      return reviewToken(dependencies, { clusterId, webhookToken, body: request.body }, trace, signal);
    });
    return toResponse(decision, trace, context.scrubbedAccounts);
  };
}

function toResponse(
  decision: Answerable,
  { decisionId, notes }: ReviewTrace,
  scrubbedAccounts: ReadonlySet<string>,
): HttpResponse {
  const { status, body } = answerTokenReview(decision, {
    // Not known if the body is no TokenReview; then the answer is none either.
    apiVersion: notes.apiVersion ?? 'authentication.k8s.io/v1',
    decisionId,
    scrubbedAccounts,
    accountId: notes.identity?.accountId,
  });
  return jsonResponse(status, body, decision.outcome === 'caller_error' ? errorHeaders(decision) : {});
}
