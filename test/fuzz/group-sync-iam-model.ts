/** A model of IAM for random histories of the group sync: users, groups, and pages of `iam:GetGroup`. */
import type { GroupPage } from '../../lib/sync/iam.ts';
import { pick, type Random } from '../reference/random.ts';

export const account = '111122223333';
export const groupNames = ['devs', 'ops'];
export const userNames = ['alice', 'bob', 'carol', 'dave'];

interface User {
  readonly name: string;
  path: string;
  id: string;
}

/** IAM as it is. A page may be slow, short or missing, but never wrong. */
export class IamModel {
  readonly users = new Map<string, User>(
    userNames.map((name) => [name, { name, path: '/', id: `AIDA0${name}` }]),
  );
  readonly groups = new Map<string, Set<string>>(groupNames.map((name) => [name, new Set<string>()]));
  /** The number of pages until a read fails; `undefined`: no read fails. */
  failsAfter: number | undefined;
  #ids = 0;

  change(random: Random): void {
    const name = pick(random, userNames);
    const group = this.groups.get(pick(random, groupNames));
    const user = this.users.get(name);
    const kind = pick(random, [
      'join',
      'join',
      'join',
      'leave',
      'leave',
      'move',
      'recreate',
      'replace',
      'empty',
    ] as const);
    if (kind === 'join') group?.add(name);
    if (kind === 'leave') group?.delete(name);
    if (kind === 'empty') group?.clear();
    if (kind === 'move' && user !== undefined) user.path = pick(random, ['/', '/eng/']);
    if (kind === 'replace') this.replace(name);
    if (kind === 'recreate' && user !== undefined) {
      user.id = this.#newId(name);
      for (const members of this.groups.values()) members.delete(name);
    }
  }

  /** Replaces a user by another one with the same name, under another ARN: the username passes to the new user. */
  replace(name: string): void {
    const path = this.users.get(name)?.path === '/' ? '/eng/' : '/';
    this.users.set(name, { name, path, id: this.#newId(name) });
  }

  #newId(name: string): string {
    this.#ids += 1;
    return `AIDA${this.#ids}${name}`;
  }

  /** Returns a function that undoes every change since. */
  snapshot(): () => void {
    const users = structuredClone(this.users);
    const groups = structuredClone(this.groups);
    return () => {
      for (const [name, user] of users) this.users.set(name, user);
      for (const [name, members] of groups) this.groups.set(name, members);
    };
  }

  arnOf(name: string): string {
    return `arn:aws:iam::${account}:user${this.users.get(name)?.path}${name}`;
  }

  /** Pages with one member, and an empty page after each: both are legal. */
  page(group: string, marker: string | undefined): GroupPage {
    if (this.failsAfter !== undefined) {
      if (this.failsAfter === 0) throw Object.assign(new Error('slow down'), { name: 'Throttling' });
      this.failsAfter -= 1;
    }
    const members = [...(this.groups.get(group) ?? [])].toSorted();
    const at = Number(marker ?? 0);
    const isEmpty = at % 2 === 1;
    const name = isEmpty ? undefined : members[at / 2];
    const IsTruncated = (at + 1) / 2 < members.length;
    return {
      Group: { Arn: groupArn(group), Path: '/', GroupName: group, GroupId: 'AGPA', CreateDate: new Date(0) },
      Users: name === undefined ? [] : [this.#describe(name)],
      IsTruncated,
      ...(IsTruncated ? { Marker: String(at + 1) } : {}),
    };
  }

  #describe(name: string): NonNullable<GroupPage['Users']>[number] {
    const user = this.users.get(name)!;
    return {
      Arn: this.arnOf(name),
      UserName: name,
      UserId: user.id,
      Path: user.path,
      CreateDate: new Date(0),
    };
  }
}

export const groupArn = (name: string): string => `arn:aws:iam::${account}:group/${name}`;
