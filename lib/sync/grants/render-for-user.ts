import { parsePrincipalArn } from '../../identity/arn.ts';
import { parseTemplate, renderTemplate } from '../../records/template.ts';

/**
 * The username that a template gives to an IAM user, to see whether two users would share one. A template that
 * does not render stands for itself: bindings are refused such templates when they are written.
 */
export function renderForUser(template: string, userArn: string): string {
  const user = parsePrincipalArn(userArn);
  const parsed = parseTemplate(template);
  if (user?.kind !== 'user' || !parsed.ok) return template;
  const rendered = renderTemplate(parsed.value, {
    AccountID: user.accountId,
    UserName: user.name,
    SessionName: undefined,
    SessionNameRaw: undefined,
    AccessKeyID: undefined,
    EC2PrivateDNSName: undefined,
    RoleName: undefined,
  });
  return rendered.ok ? rendered.value : template;
}
