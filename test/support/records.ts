/** Records for tests of the store; each function takes what the test is about. */
import { principalKey } from '../../lib/mapping/principal.ts';
import type {
  Cluster,
  Denial,
  DenialRef,
  GroupBinding,
  Mapping,
  MappingRef,
} from '../../lib/mapping/types.ts';

export const account = '111122223333';
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

export const cluster = (id: string, fields: Partial<Cluster> = {}): Cluster => ({
  id,
  partition: 'aws',
  sets: [],
  adminGroups: ['system:masters'],
  ...fields,
});

export const mapping = (name: string, fields: Partial<Mapping> = {}): Mapping => ({
  scope: 'cluster/demo',
  principal: { arn: roleArn(name) },
  owner: 'manual',
  username: name,
  groups: ['developers'],
  ...fields,
});

export const mappingRef = ({ scope, principal, owner }: Mapping): MappingRef => ({
  scope,
  principalKey: principalKey(principal),
  owner,
});

export const denial = (name: string, sessionName?: string): Denial => ({
  principal: { arn: roleArn(name) },
  reason: 'left the company',
  ...(sessionName === undefined ? {} : { sessionName }),
});

export const denialRefOf = (name: string, sessionName?: string): DenialRef => ({
  principalKey: principalKey({ arn: roleArn(name) }),
  ...(sessionName === undefined ? {} : { sessionName }),
});

export const binding = (id: string, fields: Partial<GroupBinding> = {}): GroupBinding => ({
  id,
  iamGroup: `arn:aws:iam::${account}:group/${id}`,
  scope: 'cluster/demo',
  username: 'aws:{{AccountID}}:{{UserName}}',
  groups: ['developers'],
  ...fields,
});

export const tokenHash = (digit: string): string => `sha256:${digit.repeat(64)}`;
