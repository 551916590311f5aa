/** What denied users try. */
import { of } from '../subjects.ts';
import type { Scene } from '../scene.ts';
import type { Way } from './way.ts';

const user = { denied: 'a user, by ARN', denial: (scene: Scene) => of(scene.arn('user/dave')) };
const stranger = {
  denied: 'a user whose unique id the table does not know, by ARN',
  denial: (scene: Scene) => of(scene.arn('user/erin')),
};

export const waysOfUsers: readonly Way[] = [
  { ...user, does: 'moves to another path', tries: (scene) => scene.moves('/x/') },
  {
    ...user,
    does: 'changes the name, which is mapped',
    tries: async (scene) => scene.renamed({ mapped: 'pinned' }),
  },
  {
    ...user,
    does: 'changes the name, mapped without a pin',
    tries: async (scene) => scene.renamed({ mapped: 'plain' }),
  },
  {
    ...user,
    does: 'changes name and path in a mapped account',
    tries: async (scene) => scene.renamed({ mapped: 'account' }),
  },
  {
    ...user,
    does: 'changes the name, which group sync then maps',
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
    does: 'changes the name in a mapped account',
    tries: async (scene) => scene.erinRenamed(),
    warned: 'rename_stays_open',
    instead: (scene) => ({ principalId: scene.erin.id }),
  },
  {
    denied: 'a user, only by unique id',
    does: 'is deleted and created again',
    denial: (scene) => ({ principalId: scene.dave.id }),
    tries: async (scene) => scene.recreated('dave'),
    warned: 'recreation_stays_open',
    instead: (scene) => of(scene.arn('user/dave')),
  },
  {
    denied: 'a user, only by unique id',
    does: 'changes name and path in a mapped account',
    denial: (scene) => ({ principalId: scene.dave.id }),
    tries: async (scene) => scene.renamed({ mapped: 'account' }),
  },
];
