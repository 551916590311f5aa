/** What denied roles and their sessions try. */
import { of } from '../subjects.ts';
import type { Scene } from '../scene.ts';
import type { Way } from './way.ts';

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
