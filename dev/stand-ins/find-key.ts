import { readSession } from './sts/session.ts';
import type { KeyFinding } from './sigv4/verify.ts';
import type { Caller, World } from './world.ts';

/** Whose access key this is: a user's, or a session's, whose token must come with it. */
export function findKey(
  world: World,
  now: number,
  accessKeyId: string,
  sessionToken: string | undefined,
): KeyFinding<Caller> {
  if (sessionToken === undefined) {
    const found = world.userByAccessKey.get(accessKeyId);
    if (found === undefined || found.key.inactive) return { outcome: 'invalid' };
    const principal = { kind: 'user', user: found.user, accessKeyId } as const;
    return { outcome: 'known', secretAccessKey: found.key.secret, principal };
  }
  const session = readSession(sessionToken, accessKeyId);
  const role = session === undefined ? undefined : world.roleByArn.get(session.roleArn);
  // A role that was deleted and made again is another role: its old sessions die.
  if (session === undefined || role === undefined || role.id !== session.roleId)
    return { outcome: 'invalid' };
  if (session.expiresAt <= now) return { outcome: 'expired' };
  const principal = { kind: 'session', role, sessionName: session.sessionName, accessKeyId } as const;
  return { outcome: 'known', secretAccessKey: session.secretAccessKey, principal };
}
