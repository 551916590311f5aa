/** The order of matching mappings: the first live one names the user. The order is total, so it never depends on storage. */
import { compareText } from '../json/compare-text.ts';
import type { PrincipalKind } from '../records/principal.ts';
import { scopeParts } from '../records/scope.ts';
import type { ScopeParts } from '../records/scope.ts';
import type { Owner, StoredMapping } from '../records/mapping.ts';

export interface MatchedMapping {
  readonly kind: PrincipalKind;
  readonly mapping: StoredMapping;
}

const kindRank: Readonly<Record<PrincipalKind, number>> = { arn: 0, 'permission-set': 1, account: 2 };
const scopeRank: Readonly<Record<ScopeParts['kind'], number>> = { cluster: 0, set: 1, all: 2 };
const ownerRank: Readonly<Record<Owner, number>> = { manual: 0, 'group-sync': 1 };

/** ARN, permission set, account; then cluster, set, all; then manual, group-sync; then the scope's name. */
export const compareMatches = (a: MatchedMapping, b: MatchedMapping): number =>
  kindRank[a.kind] - kindRank[b.kind] ||
  scopeRank[scopeParts(a.mapping.scope).kind] - scopeRank[scopeParts(b.mapping.scope).kind] ||
  ownerRank[a.mapping.owner] - ownerRank[b.mapping.owner] ||
  compareText(a.mapping.scope, b.mapping.scope);
