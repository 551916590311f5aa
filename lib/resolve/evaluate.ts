/** Whether one mapping is live for a caller, and what it grants (docs/decisions/0001). */
import { broken, denied } from '../errors.ts';
import type { DeniedOf, Instant } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import { verifyInstance } from './instance.ts';
import type { Instance } from './instance.ts';
import { renderName } from '../records/reserved-names.ts';
import type { NameUse } from '../records/reserved-names.ts';
import { parseTemplate, usesInstance, valuesOf } from '../records/template.ts';
import type { Checked, Values } from '../records/template.ts';
import type { StoredMapping } from '../records/mapping.ts';

export type NotLive = DeniedOf<
  'mapping_expired' | 'principal_recreated' | 'instance_not_verified' | 'username_invalid'
>;

/** A matching mapping: live, with what it grants, or not, with the reason. */
export type EvaluatedMapping =
  | {
      readonly mapping: StoredMapping;
      readonly live: true;
      readonly username: string;
      /** Unique, sorted. */
      readonly groups: readonly string[];
    }
  | { readonly mapping: StoredMapping; readonly live: false; readonly failure: NotLive };

/** Whether the mapping can only be evaluated with the caller's instance: not if it is expired or pinned to another id. */
export const needsInstance = (mapping: StoredMapping, identity: CallerIdentity, now: Instant): boolean =>
  usesInstance(mapping) && staleness(mapping, identity, now) === undefined;

/**
 * The reasons, of which the first that applies is returned: expired, pinned to another id, instance not verified, names not
 * allowed.
 */
export function evaluateMapping(
  mapping: StoredMapping,
  identity: CallerIdentity,
  now: Instant,
  instance: Instance | undefined,
): EvaluatedMapping {
  const stale = staleness(mapping, identity, now);
  if (stale !== undefined) return { mapping, live: false, failure: stale };
  const verified = usesInstance(mapping) ? verifyInstance(mapping, identity, instance) : undefined;
  if (verified?.ok === false) return { mapping, live: false, failure: verified.failure };
  return evaluateNames(mapping, valuesOf(identity, verified?.value));
}

function staleness(mapping: StoredMapping, identity: CallerIdentity, now: Instant): NotLive | undefined {
  const { canonicalArn, principalId } = identity;
  const { expiresAt } = mapping;
  // Negated, so that a time that cannot be parsed counts as past.
  if (expiresAt !== undefined && !(now < Date.parse(expiresAt))) {
    return denied('mapping_expired', { canonicalArn, expiredAt: expiresAt }).failure;
  }
  return mapping.principalId !== undefined && mapping.principalId !== principalId
    ? denied('principal_recreated', { canonicalArn, principalId }).failure
    : undefined;
}

function evaluateNames(mapping: StoredMapping, values: Values): EvaluatedMapping {
  const username = render(mapping.username, 'username', values);
  if (!username.ok) return unnameable(mapping, username.failure.rule);
  const groups = new Set<string>();
  for (const text of mapping.groups) {
    // Refused when it was written, and again here, in case a record was written by other means.
    if (mapping.principal.accountId !== undefined && text.startsWith('system:')) {
      return unnameable(
        mapping,
        `its group ${text} begins with system:, which a whole account must not have`,
      );
    }
    const group = render(text, 'group', values);
    if (!group.ok) return unnameable(mapping, group.failure.rule);
    groups.add(group.value);
  }
  return { mapping, live: true, username: username.value, groups: [...groups].toSorted() };
}

const unnameable = (mapping: StoredMapping, rule: string): EvaluatedMapping => ({
  mapping,
  live: false,
  failure: denied('username_invalid', { mappingId: mapping.id, rule }).failure,
});

function render(text: string, use: NameUse, values: Values): Checked<string> {
  const template = parseTemplate(text);
  const rendered = template.ok ? renderName(template.value, use, values) : template;
  const subject = use === 'username' ? 'its username' : `its group ${text}`;
  return rendered.ok ? rendered : broken(`${subject} ${rendered.failure.rule}`);
}
