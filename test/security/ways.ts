/**
 * What a denied caller tries. Each row is one way round one denial: the review refuses it, or the admin who wrote the denial was warned
 * of it, with what to deny instead. A row for a new way is enough to have it tried.
 */
import { arnOf, of, permissionSet, reserved } from './subjects.ts';
import type { Scene } from './scene.ts';

export interface Way {
  /** The attacker, and what was denied. */
  readonly denied: string;
  readonly does: string;
  /** Fields of the POST of the denial, without its reason. */
  readonly denial: (scene: Scene) => object;
  /** Goes round it, and returns a token. */
  readonly tries: (scene: Scene) => Promise<string> | string;
  /** The code of the warning: the way is open until `instead` is denied, too. */
  readonly warned?: string;
  readonly instead?: (scene: Scene) => object;
  /** The cluster that is tried. Default `demo`. */
  readonly clusterId?: string;
  readonly apiVersion?: string;
  /** The code of a refusal. Default `principal_denied`. */
  readonly code?: string;
}

const user = { denied: 'a user, by ARN', denial: (scene: Scene) => of(scene.arn('user/dave')) };
const stranger = {
  denied: 'a user whose unique id the table does not know, by ARN',
  denial: (scene: Scene) => of(scene.arn('user/erin')),
};

export const waysOfUsers: readonly Way[] = [
  { ...user, does: 'moves to another path', tries: (scene) => scene.moves('/x/') },
  {
    ...user,
    does: 'takes another name, which is mapped',
    tries: async (scene) => scene.renamed({ mapped: 'pinned' }),
  },
  {
    ...user,
    does: 'takes another name, mapped without a pin',
    tries: async (scene) => scene.renamed({ mapped: 'plain' }),
  },
  {
    ...user,
    does: 'takes another name and path in a mapped account',
    tries: async (scene) => scene.renamed({ mapped: 'account' }),
  },
  {
    ...user,
    does: 'takes another name, which group sync then maps',
    tries: async (scene) => scene.renamed({ mapped: 'sync' }),
  },
  { ...user, does: 'is deleted and created again', tries: async (scene) => scene.recreated('dave') },
  { ...user, does: 'is created again in other case', tries: async (scene) => scene.recreated('DAVE') },
  {
    ...user,
    does: 'creates a second access key',
    tries: (scene) => scene.token(scene.aws.keyOf(scene.dave)),
  },
  {
    ...user,
    does: 'gets a session token',
    tries: (scene) => scene.token(scene.aws.sessionTokenOf(scene.dave)),
  },
  { ...user, does: 'shows a token that was signed before', tries: (scene) => scene.signedBefore },
  {
    ...user,
    does: 'signs for another cluster',
    clusterId: 'other',
    tries: async (scene) => scene.on('other', 'cluster/other'),
  },
  {
    ...user,
    does: 'signs for a cluster of a mapped set',
    clusterId: 'live',
    tries: async (scene) => scene.on('live', 'set/prod'),
  },
  {
    ...user,
    does: 'signs for a cluster, mapped on all',
    clusterId: 'other',
    tries: async (scene) => scene.on('other', 'all'),
  },
  {
    ...user,
    does: 'signs for another region',
    tries: (scene) => scene.token(scene.daveKey, { region: 'eu-central-1' }),
  },
  {
    ...user,
    does: 'signs for the STS of another partition',
    code: 'host_not_listed',
    tries: (scene) => scene.token(scene.daveKey, { region: 'cn-north-1' }),
  },
  {
    ...user,
    does: 'has an apiserver that speaks v1beta1',
    apiVersion: 'authentication.k8s.io/v1beta1',
    tries: (scene) => scene.token(scene.daveKey),
  },
  {
    ...user,
    does: 'has the whole account mapped afterwards',
    tries: async (scene) => scene.mapped({ accountId: scene.account }),
  },
  {
    ...user,
    does: 'is granted access by group sync afterwards',
    tries: async (scene) => scene.grantedBySync('dave'),
  },
  {
    ...user,
    does: 'is mapped again under another username',
    tries: async (scene) => scene.remapped({ username: 'eve' }),
  },
  {
    ...user,
    does: 'is mapped again without a pin',
    tries: async (scene) => scene.remapped({ principalId: undefined }),
  },
  {
    ...user,
    does: 'renames, after the denial of the ARN was deleted',
    tries: async (scene) => scene.afterDeleteOf('arn'),
  },
  {
    ...user,
    does: 'stays, after the denial of the unique id was deleted',
    tries: async (scene) => scene.afterDeleteOf('id'),
  },
  {
    ...user,
    does: 'stays, after the denial of the ARN was rolled back',
    tries: async (scene) => scene.afterRollback(),
  },
  {
    ...user,
    denied: 'a user with a path, by an ARN without it',
    does: 'stays',
    denial: (scene) => of(scene.arn('user/frank')),
    tries: async (scene) => scene.withPath('frank', '/platform/'),
  },
  {
    ...user,
    denied: 'a user, by an ARN with another path',
    does: 'stays',
    denial: (scene) => of(scene.arn('user/wrong/dave')),
    tries: (scene) => scene.token(scene.daveKey),
  },
  {
    ...user,
    denied: 'a user, by an ARN in other case',
    does: 'stays',
    denial: (scene) => of(scene.arn('user/DaVe')),
    tries: (scene) => scene.token(scene.daveKey),
  },
  {
    ...user,
    does: 'assumes a mapped role',
    tries: async (scene) => scene.assumes('Admin', 'anything'),
    warned: 'roles_stay_open',
    instead: (scene) => of(scene.arn('role/Admin')),
  },
  {
    ...user,
    does: 'gets a federation token of a mapped name',
    tries: async (scene) => scene.federates('ci'),
    warned: 'roles_stay_open',
    instead: (scene) => of(`arn:aws:sts::${scene.account}:federated-user/ci`),
  },
  { ...stranger, does: 'moves to another path', tries: async (scene) => scene.erinMoves() },
  {
    ...stranger,
    does: 'takes another name in a mapped account',
    tries: async (scene) => scene.erinRenamed(),
    warned: 'rename_stays_open',
    instead: (scene) => ({ principalId: scene.erin.id }),
  },
  {
    denied: 'a user, by unique id alone',
    does: 'is deleted and created again',
    denial: (scene) => ({ principalId: scene.dave.id }),
    tries: async (scene) => scene.recreated('dave'),
    warned: 'recreation_stays_open',
    instead: (scene) => of(scene.arn('user/dave')),
  },
  {
    denied: 'a user, by unique id alone',
    does: 'takes another name and path in a mapped account',
    denial: (scene) => ({ principalId: scene.dave.id }),
    tries: async (scene) => scene.renamed({ mapped: 'account' }),
  },
];

const session = {
  denied: 'one session of a role',
  denial: (scene: Scene) => of(scene.arn('role/Admin'), 'alice@example.com'),
};
const role = { denied: 'a role, by ARN', denial: (scene: Scene) => of(scene.arn('role/Admin')) };

export const waysOfRoles: readonly Way[] = [
  {
    ...session,
    does: 'opens the session again, under another key',
    tries: async (scene) => scene.assumes('Admin', 'alice@example.com'),
  },
  {
    ...session,
    does: 'writes the name in other case',
    tries: async (scene) => scene.assumes('Admin', 'Alice@Example.COM'),
  },
  {
    ...session,
    does: 'chooses another session name',
    tries: async (scene) => scene.assumes('Admin', 'bob'),
    warned: 'session_name_chosen',
    instead: (scene) => of(scene.arn('role/Admin')),
  },
  {
    ...session,
    does: 'assumes another mapped role',
    tries: async (scene) => scene.assumes('Ops', 'alice@example.com'),
    warned: 'other_roles_stay_open',
    instead: (scene) => of(scene.arn('role/Ops')),
  },
  {
    ...session,
    denied: 'one session of a role, by an ARN with a path and in other case',
    does: 'opens the session again',
    denial: (scene) => of(scene.arn('role/team/ADMIN'), 'ALICE@example.com'),
    tries: async (scene) => scene.assumes('Admin', 'alice@example.com'),
  },
  { ...role, does: 'opens any session', tries: async (scene) => scene.assumes('Admin', 'anything') },
  { ...role, does: 'writes the role in other case', tries: async (scene) => scene.assumes('ADMIN', 'bob') },
  {
    ...role,
    does: 'has the role deleted and created again',
    tries: async (scene) => scene.assumes('Admin', 'bob', 'recreated'),
  },
  {
    ...role,
    does: 'has the whole account mapped',
    tries: async (scene) => (await scene.map({ accountId: scene.account }), scene.assumes('Admin', 'bob')),
  },
  {
    ...role,
    does: 'assumes another mapped role',
    tries: async (scene) => scene.assumes('Ops', 'bob'),
    warned: 'other_roles_stay_open',
    instead: (scene) => of(scene.arn('role/Ops')),
  },
  {
    denied: 'a role, by unique id',
    does: 'has the role deleted and created again',
    denial: (scene) => ({ principalId: scene.roleId }),
    tries: async (scene) => scene.assumes('Admin', 'bob', 'recreated'),
    warned: 'recreation_stays_open',
    instead: (scene) => of(scene.arn('role/Admin')),
  },
];

const set = { denied: 'a permission set', denial: (scene: Scene) => permissionSet(scene, 'Admin') };
const person = {
  denied: 'one session of a permission set',
  denial: (scene: Scene) => ({ ...permissionSet(scene, 'Admin'), sessionName: 'alice@example.com' }),
};
const oneRole = {
  denied: 'a permission set, by the ARN of one of its roles',
  denial: (scene: Scene) => of(scene.arn(`role/${reserved('Admin', 'a')}`)),
};

export const waysOfPermissionSets: readonly Way[] = [
  {
    ...set,
    does: 'has it assigned again, with another suffix',
    tries: async (scene) => scene.signsInTo('Admin', 'b'),
  },
  {
    ...set,
    does: 'has one of its roles mapped by ARN',
    tries: async (scene) => scene.signsInTo('Admin', 'c', { mapRole: true }),
  },
  {
    ...set,
    does: 'signs in to another permission set',
    tries: async (scene) => scene.signsInTo('Ops', 'a'),
    warned: 'other_roles_stay_open',
    instead: (scene) => permissionSet(scene, 'Ops'),
  },
  {
    ...person,
    does: 'signs in again after another assignment',
    tries: async (scene) => scene.signsInTo('Admin', 'b'),
  },
  {
    ...person,
    does: 'has the name in other case',
    tries: async (scene) => scene.signsInTo('Admin', 'a', { name: 'ALICE@example.com' }),
  },
  {
    ...person,
    does: 'is renamed in Identity Center',
    tries: async (scene) => scene.signsInTo('Admin', 'a', { name: 'alice.b@example.com' }),
    warned: 'session_name_observed',
    instead: (scene) => permissionSet(scene, 'Admin'),
  },
  {
    ...person,
    does: 'signs in to another permission set',
    tries: async (scene) => scene.signsInTo('Ops', 'a'),
    warned: 'other_roles_stay_open',
    instead: (scene) => ({ ...permissionSet(scene, 'Ops'), sessionName: 'alice@example.com' }),
  },
  { ...oneRole, does: 'signs in again', tries: async (scene) => scene.signsInTo('Admin', 'a') },
  {
    ...oneRole,
    does: 'has it assigned again, with another suffix',
    tries: async (scene) => scene.signsInTo('Admin', 'b'),
    warned: 'permission_set_role',
    instead: (scene) => permissionSet(scene, 'Admin'),
  },
];

const key = {
  denied: 'an access key',
  denial: (scene: Scene) => ({ accessKeyId: scene.daveKey.accessKeyId }),
};
const openKey = { ...key, warned: 'key_gives_other_keys' };
const theUser = { instead: (scene: Scene) => of(scene.arn('user/dave')) };

export const waysOfKeys: readonly Way[] = [
  { ...key, does: 'signs again', tries: (scene) => scene.token(scene.daveKey) },
  { ...key, does: 'shows a token that was signed before', tries: (scene) => scene.signedBefore },
  {
    ...key,
    does: 'renames the user',
    tries: async (scene) => scene.renamed({ mapped: 'pinned', key: scene.daveKey }),
  },
  {
    ...openKey,
    ...theUser,
    does: 'gets a session token',
    tries: (scene) => scene.token(scene.aws.sessionTokenOf(scene.dave)),
  },
  {
    ...openKey,
    ...theUser,
    does: 'creates another key',
    tries: (scene) => scene.token(scene.aws.keyOf(scene.dave)),
  },
  {
    ...openKey,
    does: 'assumes a mapped role',
    tries: async (scene) => scene.assumes('Admin', 'dave'),
    instead: (scene) => of(scene.arn('role/Admin')),
  },
  {
    ...openKey,
    does: 'gets a federation token of a mapped name',
    tries: async (scene) => scene.federates('ci'),
    instead: (scene) => of(`arn:aws:sts::${scene.account}:federated-user/ci`),
  },
  {
    denied: 'the access key of a session',
    does: 'opens another session of the same name',
    denial: () => ({ accessKeyId: 'ASIAEXAMPLEEXAMPLE01' }),
    tries: async (scene) => scene.assumes('Admin', 'dave'),
    warned: 'key_of_one_session',
    instead: (scene) => of(scene.arn('role/Admin')),
  },
];

const account = {
  denied: 'an account',
  denial: (scene: Scene) => ({ principal: { accountId: scene.account } }),
};
const root = { denied: 'a root user', denial: (scene: Scene) => of(scene.arn('root')) };
const federated = {
  denied: 'a federated user',
  denial: (scene: Scene) => of(`arn:aws:sts::${scene.account}:federated-user/ci`),
};

export const waysOfOthers: readonly Way[] = [
  { ...account, does: 'enters as a mapped user', tries: (scene) => scene.token(scene.daveKey) },
  { ...account, does: 'enters as a mapped role', tries: async (scene) => scene.assumes('Admin', 'bob') },
  { ...account, does: 'enters as a mapped federated user', tries: async (scene) => scene.federates('ci') },
  { ...account, does: 'enters as root', tries: async (scene) => scene.entersAsRoot() },
  {
    ...account,
    does: 'assumes a mapped role of another account',
    tries: async (scene) => scene.assumesElsewhere('Admin'),
    warned: 'other_accounts_stay_open',
    instead: (scene) => of(arnOf(scene.elsewhere.accountId, 'role/Admin')),
  },
  { ...root, does: 'signs with another key', tries: async (scene) => scene.entersAsRoot() },
  {
    ...root,
    does: 'enters as a mapped user of the account',
    tries: (scene) => scene.token(scene.daveKey),
    warned: 'account_stays_open',
    instead: (scene) => ({ principal: { accountId: scene.account } }),
  },
  { ...federated, does: 'writes the name in other case', tries: async (scene) => scene.federates('CI') },
  {
    ...federated,
    does: 'chooses another mapped name',
    tries: async (scene) => scene.federates('cd'),
    warned: 'federated_name_chosen',
    instead: (scene) => of(`arn:aws:sts::${scene.account}:federated-user/cd`),
  },
];

export const ways: readonly Way[] = [
  ...waysOfUsers,
  ...waysOfRoles,
  ...waysOfPermissionSets,
  ...waysOfKeys,
  ...waysOfOthers,
];
