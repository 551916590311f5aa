/** Compiled, never run: a failure is a code with its own data, and nothing is read as another outcome. */
import { denied, ok, unavailable } from '../../lib/errors.ts';
import type { Denied, DeniedCode, Failure, Result, Unavailable, UnavailableCode } from '../../lib/errors.ts';
import { answerTokenReview } from '../../lib/kubernetes/answer.ts';
import type { AnswerContext } from '../../lib/kubernetes/answer.ts';
import type { EvaluatedMapping } from '../../lib/resolve/evaluate.ts';
import { resolveUser } from '../../lib/resolve/resolve.ts';
import type { Match, ResolvedUser } from '../../lib/resolve/resolve.ts';
import type { Placeholder, Values } from '../../lib/records/template.ts';
import type { StoredMapping } from '../../lib/records/mapping.ts';
import type { ReviewReader } from '../../lib/store/ports.ts';
import type { Entries } from '../../lib/records/lookup.ts';
import { takes } from './takes.ts';

declare const match: Match;
declare const mapping: StoredMapping;
declare const failure: Failure;
declare const context: AnswerContext;
declare const store: ReviewReader;
declare const signal: AbortSignal;

// Each code has its own data.
denied('signature_mismatch', { clusterId: 'demo' });
unavailable('deadline_exceeded', { milliseconds: 4_500 });
// @ts-expect-error -- another code's data
denied('signature_mismatch', { host: 'sts.amazonaws.com' });
// @ts-expect-error -- no data
denied('token_too_large', {});
// @ts-expect-error -- data where there is none
denied('foreign_token', { token: 'x' });
// @ts-expect-error -- a field too many: nothing may slip into a log
denied('cluster_disabled', { clusterId: 'demo', token: 'x' });
// @ts-expect-error -- a code that there is not
denied('forbidden', {});
// @ts-expect-error -- a pair that does not belong together
takes<Denied>({ outcome: 'denied', code: 'cluster_disabled', data: { host: 'x' } });

// What could not be found out is never a denial, nor the reverse.
// @ts-expect-error -- STS was not asked
denied('sts_throttled', { host: 'sts.amazonaws.com' });
// @ts-expect-error -- that is known
unavailable('principal_not_mapped', { canonicalArn: 'x', clusterId: 'demo' });
// @ts-expect-error -- an outcome with the other's code
takes<Unavailable>({ outcome: 'unavailable', code: 'cluster_disabled', data: { clusterId: 'demo' } });
// @ts-expect-error -- it may be unavailable
takes<Denied>(failure);
// @ts-expect-error -- a lookup that failed is no refusal
takes<Result<Entries, Denied>>(await store.readEntries({ mappings: [], denials: [] }, signal));

// A result is one or the other, and is looked at first.
takes<Result<string>>(ok('x'));
// @ts-expect-error -- a success with a failure
takes<Result<string>>({ ok: true, failure });
// @ts-expect-error -- a failure with a value
takes<Result<string>>({ ok: false, value: 'x' });
const resolved = resolveUser(match);
// @ts-expect-error -- it may be a denial
takes<ResolvedUser>(resolved.value);
// @ts-expect-error -- resolving cannot fail for want of EC2: that is asked before
takes<Result<ResolvedUser, Unavailable>>(resolved);

// A mapping that is not live gives nothing.
takes<EvaluatedMapping>({ mapping, live: true, username: 'alice', groups: [] });
// @ts-expect-error -- names without being live
takes<EvaluatedMapping>({ mapping, live: false, username: 'alice', groups: [] });
// @ts-expect-error -- live, and a reason why not
takes<EvaluatedMapping>({ mapping, live: true, failure });

// Only decisions are put on the wire.
// @ts-expect-error -- something else
answerTokenReview({ outcome: 'maybe' }, context);
// @ts-expect-error -- a user without its outcome
answerTokenReview({ username: 'alice', groups: [] }, context);

// Tables over codes and placeholders are complete.
// @ts-expect-error -- one code of many
takes<Record<DeniedCode, string>>({ foreign_token: 'x' });
// @ts-expect-error -- a code that there is not
takes<Partial<Record<UnavailableCode, string>>>({ sts_tired: 'x' });
// @ts-expect-error -- the others are missing
takes<Values>({ AccountID: '111122223333' });
// @ts-expect-error -- another spelling
takes<Placeholder>('AccountId');

/** A switch that forgets a case does not compile either: the function would return nothing. */
/* oxlint-disable typescript/switch-exhaustiveness-check, typescript/consistent-return -- the mistake is the point */
// @ts-expect-error -- "unavailable" is forgotten
export function status(given: Failure): number {
  switch (given.outcome) {
    case 'denied':
      return 200;
  }
}
