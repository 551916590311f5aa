/** A caller as an ARN alone describes it: what STS would report, as far as the ARN tells. */
import type { CallerIdentity, CallerPrincipal } from '../identity/caller-identity.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import type { PrincipalArn } from '../identity/arn.ts';

/** What an ARN does not hold. */
export interface CallerDetails {
  /** `AROA…`, `AIDA…`; default `''`: not known. */
  readonly principalId?: string | undefined;
  /** Of a role; default: the one in the ARN, or `''`. */
  readonly sessionName?: string | undefined;
  /** `AKIA…`, `ASIA…`; default `''`: not known. */
  readonly accessKeyId?: string | undefined;
}

/** `undefined` where the text is not the ARN of a role, role session, user, root or federated user. */
export function identityOfArn(arn: string, details: CallerDetails = {}): CallerIdentity | undefined {
  const parsed = parsePrincipalArn(arn);
  if (parsed === undefined) return undefined;
  const sessionName = sessionOf(parsed, details.sessionName);
  return {
    arn,
    canonicalArn: parsed.canonicalArn,
    partition: parsed.partition,
    accountId: parsed.accountId,
    principal: principalOf(parsed, sessionName),
    principalId: details.principalId ?? (parsed.kind === 'root' ? parsed.accountId : ''),
    sessionName,
    accessKeyId: details.accessKeyId ?? '',
  };
}

function sessionOf(parsed: PrincipalArn, given: string | undefined): string {
  if (parsed.kind === 'assumed-role') return given ?? parsed.sessionName;
  return parsed.kind === 'role' ? (given ?? '') : '';
}

function principalOf(parsed: PrincipalArn, sessionName: string): CallerPrincipal {
  if (parsed.kind === 'root') return { kind: 'root' };
  if (parsed.kind === 'user') return { kind: 'user', userName: parsed.name, path: parsed.path };
  return parsed.kind === 'federated-user'
    ? { kind: 'federated-user', name: parsed.name }
    : { kind: 'role', roleName: parsed.name, sessionName };
}
