/** The identity of a caller, as AWS reports it, in one consistent shape. */
import * as v from 'valibot';
import { broken, failed, ok } from '../errors.ts';
import type { BrokenRule, Result } from '../errors.ts';
import { parsePrincipalArn } from './arn.ts';
import { parseServiceRole } from './service-role.ts';
import type { PrincipalArn } from './arn.ts';
import type { PartitionId } from './partitions.ts';

/** The kinds of principal that `sts:GetCallerIdentity` can report. */
export type CallerPrincipal =
  /** `sessionName`: `undefined` only if an admin asks about a role as such; STS always reports a session. */
  | { readonly kind: 'role'; readonly roleName: string; readonly sessionName: string | undefined }
  | { readonly kind: 'user'; readonly userName: string; readonly path: string }
  | { readonly kind: 'federated-user'; readonly name: string }
  | { readonly kind: 'root' };

/**
 * A caller, as STS reports it or as an admin asks about it (see {@link callerFromArn}). A review only accepts a
 * {@link VerifiedIdentity}.
 */
export interface CallerIdentity {
  /** As STS spells it: `arn:aws:sts::111122223333:assumed-role/Admin/alice`. */
  readonly arn: string;
  /** Without the session: `arn:aws:iam::111122223333:role/Admin`. Case as STS spells it; no role path. */
  readonly canonicalArn: string;
  readonly partition: PartitionId;
  /** Twelve digits. */
  readonly accountId: string;
  readonly principal: CallerPrincipal;
  /**
   * The unique id without the session: `AROA…`, `AIDA…`; the account id for root, and `<account id>:<name>` for federated users, which
   * distinguishes them from root. `undefined`: not known.
   */
  readonly principalId: string | undefined;
  /** `undefined`: none (users, root), or not known. Chosen by the caller of AssumeRole: never trust it as a name. */
  readonly sessionName: string | undefined;
  /** From the token's credential: `AKIA…` or `ASIA…`. `undefined`: not known. */
  readonly accessKeyId: string | undefined;
}

/** A caller as STS reports it for a token: it always has a unique id and an access key. */
export interface ReportedIdentity extends CallerIdentity {
  readonly principalId: string;
  readonly accessKeyId: string;
}

declare const verified: unique symbol;

/** A caller whose signature STS has verified. Only `lib/token/verify.ts` creates one. */
export interface VerifiedIdentity extends ReportedIdentity {
  readonly [verified]: true;
}

/** The JSON of GetCallerIdentity, exactly: AWS may add metadata about the answer, and nothing else. */
const answerSchema = v.strictObject({
  GetCallerIdentityResponse: v.strictObject({
    GetCallerIdentityResult: v.strictObject({ Account: v.string(), Arn: v.string(), UserId: v.string() }),
    ResponseMetadata: v.object({ RequestId: v.string() }),
  }),
});

/** `serviceRole`: the answer is consistent, and names a caller that no mapping can name: `aws:ec2-instance`. */
export interface UnreportedIdentity extends BrokenRule {
  readonly serviceRole?: string | undefined;
}

/**
 * Parses the JSON that STS answers to GetCallerIdentity. Account, ARN, partition, unique id and session must agree: if they do
 * not, no caller is identified, and the broken rule completes "STS returned an answer that …".
 */
export function parseCallerIdentity(
  answer: unknown,
  asked: { readonly partition: PartitionId; readonly accessKeyId: string },
): Result<ReportedIdentity, UnreportedIdentity> {
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) return broken('does not have the shape of GetCallerIdentity');
  const { Account, Arn, UserId } = parsed.output.GetCallerIdentityResponse.GetCallerIdentityResult;

  const arn = parsePrincipalArn(Arn);
  if (arn === undefined) {
    const serviceRole = parseServiceRole({ Account, Arn, UserId }, asked.partition);
    return failed({ rule: 'has an ARN of no known form', serviceRole });
  }
  if (arn.partition !== asked.partition) return broken('has an ARN of another partition');
  if (arn.accountId !== Account) return broken('has an ARN of another account');
  if (arn.kind === 'role') return broken('has the ARN of a role instead of a session');
  const who = principalOf(arn, undefined);
  const principalId = principalIdOf(who, Account, UserId);
  if (principalId === undefined) return broken('has a user id that does not belong to its ARN');

  return ok({ ...identity(Arn, arn, who), principalId, accessKeyId: asked.accessKeyId });
}

function principalOf(arn: PrincipalArn, roleSession: string | undefined): CallerPrincipal {
  if (arn.kind === 'assumed-role') return { kind: 'role', roleName: arn.name, sessionName: arn.sessionName };
  if (arn.kind === 'role') return { kind: 'role', roleName: arn.name, sessionName: roleSession };
  if (arn.kind === 'user') return { kind: 'user', userName: arn.name, path: arn.path };
  return arn.kind === 'root' ? { kind: 'root' } : { kind: 'federated-user', name: arn.name };
}

// Unique ids have 21 characters today; IAM's own pattern allows 16 to 128.
const roleIdPattern = /^AROA[A-Z0-9]{12,124}$/;
const userIdPattern = /^AIDA[A-Z0-9]{12,124}$/;

/** The unique id in STS's UserId, which is `<role id>:<session>`, `<user id>`, `<account>:<federated name>` or `<account>`. */
function principalIdOf(who: CallerPrincipal, account: string, userId: string): string | undefined {
  if (who.kind === 'user') return userIdPattern.test(userId) ? userId : undefined;
  if (who.kind === 'role') {
    const [roleId = ''] = userId.split(':', 1);
    const isSession = who.sessionName !== undefined && userId === `${roleId}:${who.sessionName}`;
    return roleIdPattern.test(roleId) && isSession ? roleId : undefined;
  }
  const expected = unnumberedId(who, account);
  return userId === expected ? expected : undefined;
}

/** The unique id of a principal without one of IAM. */
const unnumberedId = (who: Extract<CallerPrincipal, { kind: 'root' | 'federated-user' }>, account: string) =>
  who.kind === 'root' ? account : `${account}:${who.name}`;

function sessionNameOf(who: CallerPrincipal): string | undefined {
  if (who.kind === 'role') return who.sessionName;
  return who.kind === 'federated-user' ? who.name : undefined;
}

/** Without unique id and access key, which no ARN holds. */
function identity(
  arn: string,
  { partition, accountId, canonicalArn }: PrincipalArn,
  principal: CallerPrincipal,
): Omit<CallerIdentity, 'principalId' | 'accessKeyId'> {
  return { arn, canonicalArn, partition, accountId, principal, sessionName: sessionNameOf(principal) };
}

/** What no ARN holds of a caller. */
export interface CallerDetails {
  /** `AROA…`, `AIDA…`. The ids of root and of federated users follow from their ARN. */
  readonly principalId?: string | undefined;
  /** For the ARN of a role; the ARN of a session has one already. */
  readonly sessionName?: string | undefined;
  /** `AKIA…`, `ASIA…` */
  readonly accessKeyId?: string | undefined;
}

/**
 * The caller that an admin asks about: any ARN of IAM or STS, a role with or without its path. Never verified, so it is no
 * {@link VerifiedIdentity}. `undefined`: not the ARN of a principal.
 */
export function callerFromArn(text: string, details: CallerDetails = {}): CallerIdentity | undefined {
  const arn = parsePrincipalArn(text);
  if (arn === undefined) return undefined;
  const { sessionName, accessKeyId } = details;
  const who = principalOf(arn, sessionName);
  const ofArn =
    who.kind === 'root' || who.kind === 'federated-user' ? unnumberedId(who, arn.accountId) : undefined;
  return { ...identity(text, arn, who), principalId: details.principalId ?? ofArn, accessKeyId };
}
