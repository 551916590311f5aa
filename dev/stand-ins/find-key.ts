import { readSession } from './sts/session.ts';
import type { KeyFinding } from './sigv4/verify.ts';
import type { Caller, AwsAccounts } from './service/accounts.ts';

/** Finds the holder of an access key: a user, or a session if a session token came with the key. */
export function findKey(
  accounts: AwsAccounts,
  now: number,
  accessKeyId: string,
  sessionToken: string | undefined,
): KeyFinding<Caller> {
  if (sessionToken === undefined) {
    const found = accounts.userByAccessKey.get(accessKeyId);
    if (found === undefined || found.key.inactive) return { outcome: 'invalid' };
    const principal = { kind: 'user', user: found.user, accessKeyId } as const;
    return { outcome: 'known', secretAccessKey: found.key.secret, principal };
  }
  const session = readSession(sessionToken, accessKeyId);
  const role = session === undefined ? undefined : accounts.roleByArn.get(session.roleArn);
  // A recreated role has another id: sessions of the deleted one are invalid.
  if (session === undefined || role === undefined || role.id !== session.roleId)
    return { outcome: 'invalid' };
  if (session.expiresAt <= now) return { outcome: 'expired' };
  const principal = { kind: 'session', role, sessionName: session.sessionName, accessKeyId } as const;
  return { outcome: 'known', secretAccessKey: session.secretAccessKey, principal };
}
