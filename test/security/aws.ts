/** An AWS account in which an attacker acts: users, roles and keys, and what STS reports of the holder of a key. */
export interface Key {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
}

export interface User {
  name: string;
  path: string;
  id: string;
}

interface Reported {
  readonly Account: string;
  readonly Arn: string;
  readonly UserId: string;
}

const secret = 'not-a-real-secret';
let made = 0;
/** Letters and digits that no other call has returned. */
const unique = (): string => (made += 1).toString().padStart(16, '0');

export const secretOf = (key: Key): { readonly secretAccessKey: string } & Key => ({
  ...key,
  secretAccessKey: secret,
});

export class AwsAccount {
  readonly accountId: string;
  readonly #callers: Map<string, () => Reported>;

  /** @param callers what STS knows, of all accounts: by access key id */
  constructor(accountId: string, callers: Map<string, () => Reported>) {
    this.accountId = accountId;
    this.#callers = callers;
  }

  iam(resource: string): string {
    return `arn:aws:iam::${this.accountId}:${resource}`;
  }

  newUser(name: string, path = '/'): User {
    return { name, path, id: `AIDA${unique()}` };
  }

  newRoleId(): string {
    return `AROA${unique()}`;
  }

  /** A lasting key. STS reports the user as the user is named at the moment of the question. */
  keyOf(user: User): Key {
    return this.#issue('AKIA', () => ({ resource: `user${user.path}${user.name}`, id: user.id }));
  }

  /** sts:GetSessionToken: another key, the same user. */
  sessionTokenOf(user: User): Key {
    return this.#issue('ASIA', () => ({ resource: `user${user.path}${user.name}`, id: user.id }));
  }

  /** sts:AssumeRole: the caller chooses the session name. */
  assume(role: string, sessionName: string, roleId = this.newRoleId()): Key {
    const resource = `assumed-role/${role}/${sessionName}`;
    return this.#issue('ASIA', () => ({ service: 'sts', resource, id: `${roleId}:${sessionName}` }));
  }

  /** sts:GetFederationToken: the caller chooses the name. */
  federate(name: string): Key {
    const id = `${this.accountId}:${name}`;
    return this.#issue('ASIA', () => ({ service: 'sts', resource: `federated-user/${name}`, id }));
  }

  rootKey(): Key {
    return this.#issue('AKIA', () => ({ resource: 'root', id: this.accountId }));
  }

  #issue(
    prefix: string,
    who: () => { readonly service?: string; readonly resource: string; readonly id: string },
  ): Key {
    const accessKeyId = `${prefix}${unique()}`;
    this.#callers.set(accessKeyId, () => {
      const { service = 'iam', resource, id } = who();
      const Arn = `arn:aws:${service}::${this.accountId}:${resource}`;
      return { Account: this.accountId, Arn, UserId: id };
    });
    return prefix === 'AKIA' ? { accessKeyId } : { accessKeyId, sessionToken: 'FwoGZXIvYXdzEXAMPLE' };
  }
}

export type Callers = Map<string, () => Reported>;
