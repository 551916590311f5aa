/** What denied permission sets of IAM Identity Center, and their sessions try. */
import { of, permissionSet, reserved } from '../subjects.ts';
import type { Scene } from '../scene.ts';
import type { Way } from './way.ts';

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
