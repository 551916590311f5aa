/** Seeded random data for the reference model. Value sets are small on purpose, so that names, paths and accounts collide. */
import type { Ban, Caller, Entry, Machine, Place, Question, Who } from './model.ts';

export type Random = () => number;

/** mulberry32: 32 bits of state, good enough to shuffle, the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)]!;
const chance = (random: Random, probability: number): boolean => random() < probability;
const some = <T>(random: Random, items: readonly T[], most: number): T[] => [
  ...new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(random, items))),
];

const accounts = ['111122223333', '111122223334'];
const partitions = ['aws', 'aws', 'aws', 'aws-us-gov'];
const roleNames = [
  'Admin',
  'admin',
  'Dev',
  'AWSReservedSSO_Admin_0123456789abcdef',
  'AWSReservedSSO_Admin_fedcba9876543210',
  'AWSReservedSSO_Admin_ReadOnly_0123456789abcdef',
  'AWSReservedSSO_Admin_0123456789abcde',
  'awsreservedsso_ADMIN_0123456789ABCDEF',
];
const permissionSets = ['Admin', 'ADMIN', 'Admin_ReadOnly', 'Dev'];
const userNames = ['alice', 'Alice', 'Admin'];
/** Names of federated users, which AWS compares with case. */
const federatedNames = ['alice', 'Alice', 'ALICE'];
const paths = ['/', '/eng/', '/eng/core/'];
const sessions = [
  'alice@example.com',
  'alice-example.com',
  'system:masters'.replace(':', '='),
  'i-0123abcd',
  'i-01234abcd01234abc',
];
const uniqueIds = ['AAAAAAAAAAAAAAAA1', 'AAAAAAAAAAAAAAAA2'];
const accessKeys = ['AKIAREFERENCE0000001', 'ASIAREFERENCE0000002'];
export const setNames = ['dev', 'prod', 'staging'];
const clusterIds = ['one', 'two'];
const machineNames = ['ip-10-0-0-1.ec2.internal', 'ip-10-0-0-2.ec2.internal'];
const usernames = [
  'admin',
  'dev:{{SessionName}}',
  'raw:{{SessionNameRaw}}',
  '{{AccountID}}:{{UserName}}',
  'role:{{RoleName}}',
  '{{RoleName}}',
  'key:{{AccessKeyID}}',
];
const node = 'system:node:{{EC2PrivateDNSName}}';
const groups = [
  'viewers',
  'developers',
  'team:{{AccountID}}',
  'system:masters',
  'by:{{UserName}}',
  'as:{{SessionName}}',
];

export function randomCaller(random: Random, partition: string): Caller {
  const kind = pick(random, [
    'role',
    'role',
    'role',
    'role',
    'user',
    'user',
    'root',
    'federated-user',
  ] as const);
  const account = pick(random, accounts);
  const prefix = { role: 'AROA', user: 'AIDA', root: '', 'federated-user': '' }[kind];
  const name = {
    role: pick(random, roleNames),
    user: pick(random, userNames),
    root: '',
    'federated-user': pick(random, federatedNames),
  }[kind];
  return {
    partition,
    account,
    kind,
    name,
    path: kind === 'user' ? pick(random, paths) : '/',
    session: kind === 'role' ? pick(random, sessions) : kind === 'federated-user' ? name : '',
    id: prefix === '' ? account : prefix + pick(random, uniqueIds),
    accessKey: pick(random, accessKeys),
  };
}

/** A name in another case, sometimes. */
const respelled = (random: Random, name: string): string =>
  chance(random, 0.3) ? pick(random, [name.toUpperCase(), name.toLowerCase()]) : name;

/** An ARN as a user writes it: perhaps with another path or in another case, never of a session. */
function randomArn(random: Random, caller: Caller): string {
  const own = chance(random, 0.7);
  const account = own ? caller.account : pick(random, accounts);
  const kind = own ? caller.kind : pick(random, ['role', 'user', 'root', 'federated-user'] as const);
  const service = kind === 'federated-user' ? 'sts' : 'iam';
  const start = `arn:${caller.partition}:${service}::${account}:`;
  if (kind === 'root') return `${start}root`;
  const names = { role: roleNames, user: userNames, 'federated-user': federatedNames }[kind];
  const name = respelled(random, own ? caller.name : pick(random, names));
  // The path of a user may have changed since the entry was written.
  return `${start}${kind}${kind === 'federated-user' ? '/' : pick(random, paths)}${name}`;
}

function randomWho(random: Random, caller: Caller): Who {
  const accountId = chance(random, 0.8) ? caller.account : pick(random, accounts);
  const partition = chance(random, 0.9) ? { partition: caller.partition } : {};
  const kind = pick(random, ['arn', 'arn', 'arn', 'set', 'account'] as const);
  if (kind === 'arn') return { arn: randomArn(random, caller) };
  if (kind === 'account') return { accountId, ...partition };
  return { permissionSet: { accountId, name: pick(random, permissionSets), ...partition } };
}

function randomEntry(random: Random, caller: Caller, now: number): Entry {
  const principal = randomWho(random, caller);
  const isArn = 'arn' in principal;
  const isAccount = 'accountId' in principal;
  const synced = isArn && principal.arn.includes(':user/') && chance(random, 0.3);
  const asNode = isArn && principal.arn.includes(':role/') && chance(random, 0.25);
  const expiry = pick(random, [undefined, undefined, undefined, -60_000, 0, 60_000]);
  return {
    scope: pick(random, [
      ...clusterIds.map((id) => `cluster/${id}`),
      ...setNames.map((name) => `set/${name}`),
      'all',
    ]),
    principal,
    owner: synced ? 'group-sync' : 'manual',
    username: asNode ? node : pick(random, usernames),
    groups: some(random, groups, 3).filter((group) => !(isAccount && group.startsWith('system:'))),
    ...(expiry === undefined ? {} : { expiresAt: new Date(now + expiry).toISOString() }),
    ...(isArn && /:(role|user)\//.test(principal.arn) && chance(random, 0.35)
      ? { principalId: `${principal.arn.includes(':role/') ? 'AROA' : 'AIDA'}${pick(random, uniqueIds)}` }
      : {}),
    ...(asNode && chance(random, 0.4)
      ? { instanceProfiles: [`arn:${caller.partition}:iam::${caller.account}:instance-profile/Nodes`] }
      : {}),
  };
}

function randomBan(random: Random, caller: Caller): Ban {
  const kind = pick(random, ['principal', 'principal', 'id', 'key'] as const);
  if (kind === 'id') return { principalId: pick(random, ['AROA', 'AIDA']) + pick(random, uniqueIds) };
  if (kind === 'key') return { accessKeyId: pick(random, accessKeys) };
  const principal = randomWho(random, caller);
  const hasSessions = !('accountId' in principal);
  return {
    principal,
    ...(hasSessions && chance(random, 0.6) ? { sessionName: respelled(random, pick(random, sessions)) } : {}),
  };
}

function randomMachines(random: Random, caller: Caller): Machine[] {
  return sessions.slice(-2).map((id) => ({
    id,
    account: chance(random, 0.8) ? caller.account : pick(random, accounts),
    state: pick(random, ['running', 'running', 'stopped']),
    dnsName: pick(random, machineNames),
    ...(chance(random, 0.8)
      ? {
          profile: `arn:${caller.partition}:iam::${caller.account}:instance-profile/${pick(random, [caller.name || 'Nodes', 'Nodes'])}`,
        }
      : {}),
  }));
}

export function randomPlace(random: Random): Place {
  return {
    id: pick(random, clusterIds),
    partition: pick(random, partitions),
    sets: some(random, setNames, 2),
    disabled: chance(random, 0.1),
  };
}

/** A random caller, cluster, and content of the table. */
export function randomQuestion(random: Random, now: number): Question {
  const place = randomPlace(random);
  const caller = randomCaller(random, place.partition);
  const many = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  return {
    caller,
    place,
    entries: many(6, () => randomEntry(random, caller, now)),
    bans: chance(random, 0.4) ? many(2, () => randomBan(random, caller)) : [],
    machines: randomMachines(random, caller),
    now,
  };
}
