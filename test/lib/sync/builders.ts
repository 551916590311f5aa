/** Small builders for the tests of the group sync. */
import type { GroupBinding } from '../../../lib/records/binding.ts';
import {
  type Grant,
  grantKey,
  type HeldGrant,
  type Member,
  type Reading,
} from '../../../lib/sync/grants/grant.ts';
import { type GrantWrite, type PlanInput, planSync } from '../../../lib/sync/grants/plan.ts';

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

/** A grant as the table holds it. */
export const held = (grant: Grant, version = 1): HeldGrant => ({ ...grant, version });

/** The same grant under the key of an earlier version, which held the path of the user. */
export const stale = (grant: HeldGrant): HeldGrant => ({ ...grant, staleKey: grant.arn.toLowerCase() });

const storedKey = (grant: HeldGrant): string =>
  grantKey({ ...grant, principalKey: grant.staleKey ?? grant.principalKey });

/** The grants that the table holds after the writes of a plan. */
export function after(grants: readonly HeldGrant[], writes: readonly GrantWrite[]): HeldGrant[] {
  const table = new Map(grants.map((grant) => [storedKey(grant), grant]));
  for (const write of writes) {
    if (write.kind === 'delete') table.delete(storedKey(write.before));
    else {
      const version = write.kind === 'update' ? write.before.version + 1 : 1;
      table.set(grantKey(write.after), held(write.after, version));
    }
  }
  return [...table.values()];
}

type Situation = Partial<Omit<PlanInput, 'readings' | 'deletedBindings' | 'unreadableBindings'>> & {
  readings: Readonly<Record<string, Reading>>;
  deleted?: readonly string[];
  /** Reasons by binding id. */
  unreadableBindings?: Readonly<Record<string, string>>;
};

/** Plans, with defaults for what a test does not mention. `writes`: of all stages. */
export const plan = ({ readings, deleted = [], unreadableBindings = {}, ...input }: Situation) => {
  const planned = planSync({
    bindings: Object.keys(readings).map((id) => binding(id)),
    grants: [],
    force: false,
    ...input,
    readings: new Map(Object.entries(readings)),
    deletedBindings: new Set(deleted),
    unreadableBindings: new Map(Object.entries(unreadableBindings)),
  });
  return { ...planned, writes: planned.stages.flat() };
};

/** The table after a first run over these readings. */
export const synced = (situation: Situation): HeldGrant[] => after([], plan(situation).writes);

/** `alice: developers, ops` for each grant: what a test compares. */
export const summary = (grants: readonly HeldGrant[]): string[] =>
  grants.map((grant) => `${grant.arn.split('user/')[1]}: ${grant.groups.join(', ')}`).toSorted();
