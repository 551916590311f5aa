/** Compiled, never run: who may be taken for whom. */
import { callerFromArn } from '../../lib/identity/caller-identity.ts';
import type {
  CallerIdentity,
  CallerPrincipal,
  VerifiedIdentity,
} from '../../lib/identity/caller-identity.ts';
import type { Verified } from '../../lib/kubernetes/answer.ts';
import type { AskSts } from '../../lib/token/sts.ts';
import type { UnverifiedRequest } from '../../lib/token/parse/unverified-request.ts';
import type { Verifier } from '../../lib/token/verify.ts';
import { takes } from './takes.ts';

declare const claimed: CallerIdentity;
declare const verified: VerifiedIdentity;
declare const request: UnverifiedRequest;
declare const verifier: Verifier;
declare const ask: AskSts;
declare const signal: AbortSignal;

const user = { username: 'alice', groups: [] };
const fields = {
  arn: 'arn:aws:iam::111122223333:root',
  canonicalArn: 'arn:aws:iam::111122223333:root',
  partition: 'aws',
  accountId: '111122223333',
  principal: { kind: 'root' },
  principalId: '111122223333',
  sessionName: '',
  accessKeyId: '',
} as const;

// Only the verifier makes a verified identity.
takes<CallerIdentity>(fields);
takes<CallerIdentity>(verified);
// @ts-expect-error -- written down
takes<VerifiedIdentity>(fields);
// @ts-expect-error -- written down, with a mark of its own
takes<VerifiedIdentity>({ ...fields, verified: true });
// @ts-expect-error -- claimed
takes<VerifiedIdentity>(claimed);
// @ts-expect-error -- an admin's question
takes<VerifiedIdentity | undefined>(callerFromArn(fields.arn));
// @ts-expect-error -- a token that nobody has verified
takes<CallerIdentity>(request);

// Only a verified identity is let in.
takes<Verified>({ outcome: 'verified', identity: verified, user });
// @ts-expect-error -- claimed
takes<Verified>({ outcome: 'verified', identity: claimed, user });
// @ts-expect-error -- nobody
takes<Verified>({ outcome: 'verified', user });

// A token is parsed before it is sent anywhere, and a result is looked at before it is used.
// @ts-expect-error -- text
void ask('k8s-aws-v1.x', 'demo');
// @ts-expect-error -- text
void verifier.verify('k8s-aws-v1.x', 'demo', signal);
const answer = await verifier.verify(request, 'demo', signal);
// @ts-expect-error -- it may be a failure
takes<VerifiedIdentity>(answer.value);

// What a caller has depends on who it is.
takes<CallerPrincipal>({ kind: 'role', roleName: 'Dev', sessionName: 'ann' });
// @ts-expect-error -- a role without a session does not call
takes<CallerPrincipal>({ kind: 'role', roleName: 'Dev' });
// @ts-expect-error -- a user has no session
takes<CallerPrincipal>({ kind: 'user', userName: 'ann', path: '/', sessionName: 'x' });
// @ts-expect-error -- root has no name
takes<CallerPrincipal>({ kind: 'root', userName: 'root' });
// @ts-expect-error -- groups do not call
takes<CallerPrincipal>({ kind: 'group', name: 'devs' });
