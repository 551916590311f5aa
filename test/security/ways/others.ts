/** What denied accounts, root users and federated users try. */
import { arnOf, of } from '../subjects.ts';
import type { Scene } from '../scene.ts';
import type { Way } from './way.ts';

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
