/** Compiled, never run: what is not known of a caller is `undefined`, which no code can take for text. */
import type {
  CallerIdentity,
  ReportedIdentity,
  VerifiedIdentity,
} from '../../lib/identity/caller-identity.ts';
import type { Instance } from '../../lib/resolve/instance.ts';
import type { ReviewRequest } from '../../lib/review/review-token.ts';
import { takes } from './takes.ts';

declare const claimed: CallerIdentity;
declare const reported: ReportedIdentity;
declare const verified: VerifiedIdentity;
declare const request: ReviewRequest;
declare const instance: Instance;

// STS always reports a unique id, and a token always has an access key.
takes<string>(reported.principalId);
takes<string>(reported.accessKeyId);
takes<string>(verified.principalId);
takes<string>(verified.accessKeyId);

// An admin may ask about a caller without them.
// @ts-expect-error -- the unique id may be unknown
takes<string>(claimed.principalId);
// @ts-expect-error -- the access key may be unknown
takes<string>(claimed.accessKeyId);
// @ts-expect-error -- a claim is not what STS reports
takes<ReportedIdentity>(claimed);
// @ts-expect-error -- what STS reports is not verified before it is compared with the token
takes<VerifiedIdentity>(reported);

// Users and root have no session, verified or not.
// @ts-expect-error -- the session name may be missing
takes<string>(claimed.sessionName);
// @ts-expect-error -- the session name may be missing
takes<string>(verified.sessionName);

// @ts-expect-error -- a request may have no webhook token
takes<string>(request.webhookToken);
// @ts-expect-error -- an instance may have no private DNS name
takes<string>(instance.privateDnsName);
