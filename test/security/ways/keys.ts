/** What holders of denied access keys try. */
import { of } from '../subjects.ts';
import type { Scene } from '../scene.ts';
import type { Way } from './way.ts';

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
