/**
 * The keys of entries by former rules: nothing is read under them. Lists show such an item with `staleKey`, and
 * writing its record again moves it (docs/upgrade.md). Only this file knows them, so that a stale item does not count as a
 * damaged one.
 */
import type { Denial, DenialRef } from './denial.ts';
import { denialKey } from './denial.ts';
import type { Mapping, MappingRef } from './mapping.ts';
import { mappingKeyOf } from './principal.ts';
import type { Principal, PrincipalKey } from './principal.ts';

const roleWithPath = /^(arn:[a-z-]+:iam::\d{12}:role\/)(?:[^/]*\/)+([^/]+)$/;

/** Users kept their path, and federated users lost their case. */
const formerArnKey = (arn: string): PrincipalKey => arn.toLowerCase().replace(roleWithPath, '$1$2');

const isOfArn = (principal: Principal | undefined): principal is Principal & { readonly arn: string } =>
  principal?.arn !== undefined;

/** The former key of a mapping. It can be the key of today. */
export const formerMappingRef = ({ scope, principal, owner }: Mapping): MappingRef => ({
  scope,
  principalKey: isOfArn(principal) ? formerArnKey(principal.arn) : mappingKeyOf(principal),
  owner,
});

/** The former key of a denial: its session name kept its case. It can be the key of today. */
export const formerDenialRef = (denial: Denial): DenialRef => ({
  principalKey: isOfArn(denial.principal) ? formerArnKey(denial.principal.arn) : denialKey(denial),
  sessionKey: denial.sessionName,
});
