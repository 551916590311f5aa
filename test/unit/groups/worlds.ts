/** Small builders for the tests of the group sync. */
import type { Grant, GrantWrite, Member, PlanInput, Reading } from '../../../lib/groups/membership.ts';
import { mappingId } from '../../../lib/mapping/ids.ts';
import type { GroupBinding, StoredMapping } from '../../../lib/mapping/types.ts';
import { planSync } from '../../../lib/groups/plan.ts';

export const account = '111122223333';
export const otherAccount = '444455556666';

export const member = (
  name: string,
  fields: { account?: string; path?: string; id?: string } = {},
): Member => ({
  arn: `arn:aws:iam::${fields.account ?? account}:user/${fields.path ?? ''}${name}`,
  userName: name,
  userId: fields.id ?? `AIDA${(fields.account ?? account).slice(0, 4)}${name.toUpperCase()}`,
});

export const members = (count: number, prefix = 'user'): Member[] =>
  Array.from({ length: count }, (_, index) => member(`${prefix}${index}`));

export const binding = (id: string, fields: Partial<GroupBinding> = {}): GroupBinding => ({
  id,
  iamGroup: `arn:aws:iam::${account}:group/${id}`,
  scope: 'cluster/prod',
  username: 'aws:{{AccountID}}:{{UserName}}',
  groups: [id],
  ...fields,
});

export const read = (...list: readonly Member[]): Reading => ({ outcome: 'read', members: list });
export const unreadable: Reading = { outcome: 'unreadable', detail: 'IAM could not be asked.' };

/** A grant as the table would hold it. */
export const toStored = (grant: Grant, version = 1): StoredMapping => ({
  scope: grant.scope,
  principalKey: grant.principalKey,
  owner: 'group-sync',
  id: mappingId({ scope: grant.scope, principalKey: grant.principalKey, owner: 'group-sync' }),
  principal: { arn: grant.arn },
  username: grant.username,
  groups: grant.groups,
  principalId: grant.principalId,
  contributions: grant.contributions,
  version,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'group-sync/test',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'group-sync/test',
});

const keyOf = (write: GrantWrite): string => {
  const { scope, principalKey } = write.kind === 'delete' ? write.before : write.after;
  return `${scope} ${principalKey}`;
};

/** What the table holds once the writes of a plan are made. */
export function after(grants: readonly StoredMapping[], writes: readonly GrantWrite[]): StoredMapping[] {
  const table = new Map(grants.map((grant) => [`${grant.scope} ${grant.principalKey}`, grant]));
  for (const write of writes) {
    if (write.kind === 'delete') table.delete(keyOf(write));
    else
      table.set(keyOf(write), toStored(write.after, write.kind === 'update' ? write.before.version + 1 : 1));
  }
  return [...table.values()];
}

type Situation = Partial<Omit<PlanInput, 'readings' | 'deletedBindings'>> & {
  readings: Readonly<Record<string, Reading>>;
  deleted?: readonly string[];
};

/** Plans, with defaults for what a rule does not mention. */
export const plan = ({ readings, deleted = [], ...input }: Situation) =>
  planSync({
    bindings: Object.keys(readings).map((id) => binding(id)),
    grants: [],
    force: false,
    ...input,
    readings: new Map(Object.entries(readings)),
    deletedBindings: new Set(deleted),
  });

/** The table after a first run over these readings. */
export const synced = (situation: Situation): StoredMapping[] => after([], plan(situation).writes);

/** `alice: developers, ops` for each grant: what a test compares. */
export const summary = (grants: readonly StoredMapping[]): string[] =>
  grants.map((grant) => `${grant.principal.arn?.split('user/')[1]}: ${grant.groups.join(', ')}`).toSorted();
