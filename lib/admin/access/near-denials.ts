/** Denials that nearly match a caller: a user who asks why a person still enters sees here what would have to be denied. Pure. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { PrincipalArn } from '../../identity/arn.ts';
import type { CallerIdentity } from '../../identity/caller-identity.ts';
import { denialRef } from '../../records/denial.ts';
import type { StoredDenial } from '../../records/denial.ts';
import { permissionSetOf } from '../../records/principal.ts';
import { matchDenials } from '../../resolve/resolve.ts';

export const denialDifferences = [
  'session',
  'unique-id',
  'access-key',
  'account',
  'partition',
  'kind',
  'permission-set',
  'person',
  'stale-key',
] as const;
export type DenialDifference = (typeof denialDifferences)[number];

export interface NearDenial {
  readonly denial: StoredDenial;
  readonly differs: DenialDifference;
  /** One sentence: the condition under which the denial would hold. */
  readonly detail: string;
}

type Near = Omit<NearDenial, 'denial'>;

/** How a denial fails to hold against a caller; `undefined`: it holds, or is about another subject altogether. */
export function nearDenial(caller: CallerIdentity, denial: StoredDenial): NearDenial | undefined {
  if (matchDenials(caller, [denial]).length > 0) return undefined;
  if (denial.staleKey === true && wouldHold(caller, denial)) {
    const detail =
      'This denial is under a key of an earlier version, which no review reads: write it again, which moves it.';
    return { denial, differs: 'stale-key', detail };
  }
  const near = nearCredential(caller, denial) ?? nearPermissionSet(caller, denial) ?? nearArn(caller, denial);
  return near && { denial, ...near };
}

/** A denial of a unique id or of an access key, if the caller's is not known or it names the same user. */
function nearCredential(caller: CallerIdentity, denial: StoredDenial): Near | undefined {
  const { principalId, userArn, accessKeyId } = denial;
  if (accessKeyId !== undefined && caller.accessKeyId === undefined) {
    const detail = `This denial would hold if the caller signed with the key ${accessKeyId}: ask with accessKeyId.`;
    return { differs: 'access-key', detail };
  }
  if (principalId === undefined) return undefined;
  const parsed = userArn === undefined ? undefined : parsePrincipalArn(userArn);
  const isSame = parsed !== undefined && isSameName(caller, parsed) && parsed.accountId === caller.accountId;
  if (
    caller.principalId === undefined &&
    hasIdLike(caller, principalId) &&
    (isSame || parsed === undefined)
  ) {
    const detail = `This denial would hold if the caller had the unique id ${principalId}: ask with principalId.`;
    return { differs: 'unique-id', detail };
  }
  if (!isSame) return undefined;
  const detail = `This denial would hold if ${userArn ?? ''} still had the unique id ${principalId}: the user was recreated; deny the ARN.`;
  return { differs: 'unique-id', detail };
}

const hasIdLike = ({ principal }: CallerIdentity, principalId: string): boolean =>
  (principal.kind === 'user' && principalId.startsWith('AIDA')) ||
  (principal.kind === 'role' && principalId.startsWith('AROA'));

function nearPermissionSet(caller: CallerIdentity, denial: StoredDenial): Near | undefined {
  const own = caller.principal.kind === 'role' ? permissionSetOf(caller.principal.roleName) : undefined;
  if (own === undefined) return undefined;
  const { permissionSet, arn } = denial.principal ?? {};
  const denied = arn === undefined ? undefined : parsePrincipalArn(arn);
  const ofRole = denied?.kind === 'role' ? permissionSetOf(denied.name) : undefined;
  if (permissionSet !== undefined && same(permissionSet.name, own)) {
    if (permissionSet.accountId !== caller.accountId) return otherAccount(permissionSet.accountId, caller);
    return otherSession(caller, denial);
  }
  if (ofRole === undefined || !same(ofRole, own) || denied?.accountId !== caller.accountId) return undefined;
  if (isSameName(caller, denied)) return otherSession(caller, denial);
  const detail = `This denial names another role of permission set ${own}: deny the permission set itself.`;
  return { differs: 'permission-set', detail };
}

function nearArn(caller: CallerIdentity, denial: StoredDenial): Near | undefined {
  const denied = denial.principal?.arn === undefined ? undefined : parsePrincipalArn(denial.principal.arn);
  if (denied === undefined || denied.kind === 'root') return undefined;
  if (!isSameName(caller, denied)) return nearPerson(caller, denied);
  if (denied.accountId !== caller.accountId) return otherAccount(denied.accountId, caller);
  if (denied.partition !== caller.partition) {
    const detail = `This denial would hold if the caller were of partition ${denied.partition}, and not of ${caller.partition}.`;
    return { differs: 'partition', detail };
  }
  if (denied.kind !== caller.principal.kind) {
    return { differs: 'kind', detail: `This denial would hold if the caller were a ${denied.kind}.` };
  }
  return otherSession(caller, denial);
}

/** Whether the denial would hold under its key of today. */
const wouldHold = (caller: CallerIdentity, denial: StoredDenial): boolean =>
  matchDenials(caller, [{ ...denial, ...denialRef(denial) }]).length > 0;

/** A session that bears the name of a denied user of the same account may be that very user, as a role. */
function nearPerson(caller: CallerIdentity, denied: PrincipalArn): Near | undefined {
  const { sessionName, accountId } = caller;
  if (denied.kind !== 'user' || denied.accountId !== accountId || sessionName === undefined) return undefined;
  const [local = sessionName] = sessionName.split('@', 1);
  if (!same(denied.name, sessionName) && !same(denied.name, local)) return undefined;
  const detail = `The session ${sessionName} bears the name of the denied user ${denied.canonicalArn}: if it is the same person, deny the role, or that session if the caller cannot choose its name.`;
  return { differs: 'person', detail };
}

const otherAccount = (accountId: string, caller: CallerIdentity): Near => ({
  differs: 'account',
  detail: `This denial would hold if the caller were of account ${accountId}, and not of ${caller.accountId}.`,
});

function otherSession(caller: CallerIdentity, { sessionName }: StoredDenial): Near | undefined {
  if (sessionName === undefined) return undefined;
  const is = caller.sessionName === undefined ? 'no session is named' : `it is ${caller.sessionName}`;
  return {
    differs: 'session',
    detail: `This denial would hold if the session were named ${sessionName}, and ${is}: deny the whole principal if the caller can choose the name.`,
  };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function isSameName({ principal }: CallerIdentity, denied: PrincipalArn): boolean {
  if (denied.kind === 'root') return false;
  if (principal.kind === 'role') return same(principal.roleName, denied.name);
  if (principal.kind === 'user') return same(principal.userName, denied.name);
  return principal.kind === 'federated-user' && same(principal.name, denied.name);
}
