/** What a denial leaves open, as sentences that name what to deny instead. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { Denial } from '../../records/denial.ts';
import { principalNotices } from './warnings.ts';
import type { Warning } from './warnings.ts';

/** A denial of a user leaves open the roles that the user may assume: their sessions are other principals. */
export function denialWarnings({ principal, sessionName }: Denial): readonly Warning[] {
  const parsed = principal?.arn === undefined ? undefined : parsePrincipalArn(principal.arn);
  if (parsed === undefined || principal?.arn === undefined) return [];
  const notices = principalNotices(parsed, principal.arn);
  if (parsed.kind !== 'user' || sessionName !== undefined) return notices;
  return [
    ...notices,
    {
      code: 'roles_stay_open',
      message: `${principal.arn} can still enter as any mapped role that it may assume: deny its sessions of those roles too.`,
    },
  ];
}
