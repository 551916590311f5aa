/** No two users share a username at any moment: neither after a run nor between two of its writes. */
import { parsePrincipalArn } from '../../identity/arn.ts';
import type { Scope } from '../../records/scope.ts';
import { parseTemplate, renderTemplate } from '../../records/template.ts';

/** A username as one grant uses it. */
export interface UsernameUse {
  /** The grant's key: scope and principal. */
  readonly key: string;
  readonly scope: Scope;
  readonly principalKey: string;
  /** `AIDA…`: a renamed user is the same person under another ARN. */
  readonly principalId: string | undefined;
  /** Rendered. */
  readonly username: string;
}

/**
 * Renders a username template for an IAM user, to see whether two users would share the result. A template that does
 * not render is returned as it is: the admin API refuses such templates in bindings.
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

/**
 * Whether two scopes may share a cluster. Two sets may, and so may a set and a cluster: the clusters of a set can
 * change between two runs.
 */
export function mayOverlap(a: Scope, b: Scope): boolean {
  return a === b || !(a.startsWith('cluster/') && b.startsWith('cluster/'));
}

/** One ARN with two ids is a user who was deleted and recreated: the pin of the deleted one matches no caller. */
const isSamePerson = (a: UsernameUse, b: UsernameUse): boolean =>
  (a.principalId !== undefined && a.principalId === b.principalId) || a.principalKey === b.principalKey;

/**
 * The usernames of a run: those that the table holds until a write releases them, and those claimed by the plan. The
 * first to claim a username keeps it.
 */
export class UsernameClaims {
  readonly #held = new Map<string, UsernameUse[]>();
  readonly #released = new Set<string>();
  readonly #claimed = new Map<string, UsernameUse[]>();

  constructor(held: readonly UsernameUse[]) {
    for (const use of held) add(this.#held, use);
  }

  /** Records the claim and returns true, unless another person has the username in a scope that may overlap. */
  claim(wanted: UsernameUse): boolean {
    const held = (this.#held.get(wanted.username) ?? []).filter(({ key }) => !this.#released.has(key));
    const isKept = held.some(
      ({ key, principalId }) => key === wanted.key && principalId === wanted.principalId,
    );
    const isTakenIn = (uses: readonly UsernameUse[]): boolean =>
      uses.some((use) => !isSamePerson(use, wanted) && mayOverlap(use.scope, wanted.scope));
    if (isTakenIn(this.#claimed.get(wanted.username) ?? []) || (!isKept && isTakenIn(held))) return false;
    add(this.#claimed, wanted);
    return true;
  }

  /** The username that the table holds under this grant key is free: the plan writes that grant in an earlier stage. */
  release(key: string): void {
    this.#released.add(key);
  }
}

function add(uses: Map<string, UsernameUse[]>, use: UsernameUse): void {
  const same = uses.get(use.username);
  if (same === undefined) uses.set(use.username, [use]);
  else same.push(use);
}
