/** One denied caller in an account of its own, and the moves that the account allows it. Each move ends in a token. */
import { denialId, denialRef } from '../../lib/records/denial.ts';
import { mappingId, mappingRef } from '../../lib/records/mapping.ts';
import type { Mapping } from '../../lib/records/mapping.ts';
import type { Principal } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { put } from '../fixtures/store-writes.ts';
import type { AwsAccount, Key, User } from './aws.ts';
import type { ReviewOptions, SecurityFixture } from './fixture.ts';
import { arnOf, reserved } from './subjects.ts';

type Mapped = 'pinned' | 'plain' | 'account' | 'sync';

export class Scene {
  readonly fixture: SecurityFixture;
  readonly aws: AwsAccount;
  readonly elsewhere: AwsAccount;
  readonly roleId: string;
  /** Mapped on demo, pinned to the unique id, as group sync does. */
  readonly dave: User;
  readonly daveKey: Key;
  /** In no entry. */
  readonly erin: User;
  readonly signedBefore: string;
  #ownMapping = '';

  constructor(fixture: SecurityFixture) {
    this.fixture = fixture;
    this.aws = fixture.newAccount();
    this.elsewhere = fixture.newAccount();
    this.roleId = this.aws.newRoleId();
    this.dave = this.aws.newUser('dave');
    this.daveKey = this.aws.keyOf(this.dave);
    this.erin = this.aws.newUser('erin');
    this.signedBefore = fixture.tokenOf(this.daveKey);
  }

  get account(): string {
    return this.aws.accountId;
  }

  arn(resource: string): string {
    return this.aws.iam(resource);
  }

  token(key: Key, options: ReviewOptions = {}): string {
    return this.fixture.tokenOf(key, options);
  }

  /** Written to the table as it is: mappings are not what is tried here. */
  async map(principal: Principal, more: Partial<Mapping> = {}): Promise<string> {
    const fields = {
      scope: 'cluster/demo',
      owner: 'manual',
      username: 'someone',
      groups: ['developers'],
    } as const;
    const record: Mapping = { ...fields, principal, ...more };
    await put(this.fixture.admin.store, 'mapping', mappingRef(record), record);
    return mappingId(mappingRef(record));
  }

  async mapDave(): Promise<void> {
    const more = { principalId: this.dave.id, username: 'dave' };
    this.#ownMapping = await this.map({ arn: this.arn('user/dave') }, more);
  }

  moves(path: string): string {
    this.dave.path = path;
    return this.token(this.daveKey);
  }

  async renamed({ mapped, key = this.aws.keyOf(this.dave) }: { mapped: Mapped; key?: Key }): Promise<string> {
    Object.assign(this.dave, { name: 'david', path: mapped === 'account' ? '/x/' : '/' });
    const arn = this.arn('user/david');
    if (mapped === 'account') await this.map({ accountId: this.account });
    else if (mapped === 'sync') await this.#sync('david');
    else await this.map({ arn }, mapped === 'pinned' ? { principalId: this.dave.id } : {});
    return this.token(key);
  }

  async recreated(name: string): Promise<string> {
    await this.map({ accountId: this.account });
    return this.token(this.aws.keyOf(this.aws.newUser(name)));
  }

  async on(clusterId: string, scope: Scope): Promise<string> {
    await this.map({ arn: this.arn('user/dave') }, { scope });
    return this.token(this.daveKey, { clusterId });
  }

  async mapped(principal: Principal): Promise<string> {
    await this.map(principal);
    return this.token(this.daveKey);
  }

  async grantedBySync(name: string): Promise<string> {
    await this.#sync(name);
    return this.token(this.daveKey);
  }

  async #sync(name: string): Promise<void> {
    const username = `aws:${this.account}:${name}`;
    await this.map(
      { arn: this.arn(`user/${name}`) },
      { owner: 'group-sync', username, principalId: this.dave.id },
    );
  }

  async remapped(changes: object): Promise<string> {
    const fields = { username: 'dave', groups: ['developers'], principalId: this.dave.id, ...changes };
    await this.fixture.request('PUT', `/v1/mappings/${this.#ownMapping}`, fields);
    return this.token(this.daveKey);
  }

  async afterDeleteOf(half: 'arn' | 'id'): Promise<string> {
    await this.fixture.request('DELETE', `/v1/denials/${half === 'arn' ? this.#arnDenial : this.#idDenial}`);
    return half === 'arn' ? this.renamed({ mapped: 'account' }) : this.token(this.daveKey);
  }

  async afterRollback(): Promise<string> {
    const { admin } = this.fixture;
    const query = { target: `denial/${this.#arnDenial}` };
    const { body } = await admin.ask({ method: 'GET', path: '/v1/changes', query });
    await this.fixture.request('POST', `/v1/changes/${body.items[0].id}/rollback`);
    return this.token(this.daveKey);
  }

  /** The state of a repository lists every denial but those of unique ids, and the grant of the denied user has ended. */
  async afterApply(): Promise<string> {
    await this.fixture.request('DELETE', `/v1/mappings/${this.#ownMapping}`);
    const state = { denials: [{ principal: { arn: this.arn('user/dave') }, reason: 'left' }] };
    const { fingerprint } = await this.fixture.request('POST', '/v1/plan', state);
    await this.fixture.request('POST', '/v1/apply', { fingerprint, state });
    return this.renamed({ mapped: 'account' });
  }

  get #arnDenial(): string {
    return denialId(denialRef({ principal: { arn: this.arn('user/dave') }, reason: '' }));
  }

  get #idDenial(): string {
    return denialId(denialRef({ principalId: this.dave.id, reason: '' }));
  }

  async withPath(name: string, path: string): Promise<string> {
    await this.map({ arn: this.arn(`user${path}${name}`) });
    return this.token(this.aws.keyOf(this.aws.newUser(name, path)));
  }

  async erinMoves(): Promise<string> {
    this.erin.path = '/x/';
    return this.#asErin();
  }

  async erinRenamed(): Promise<string> {
    this.erin.name = 'erin2';
    return this.#asErin();
  }

  async #asErin(): Promise<string> {
    await this.map({ accountId: this.account });
    return this.token(this.aws.keyOf(this.erin));
  }

  async assumes(role: string, sessionName: string, id: 'known' | 'recreated' = 'known'): Promise<string> {
    await this.map({ arn: this.arn(`role/${role}`) }, { username: 'role:{{SessionName}}' });
    return this.token(this.aws.assume(role, sessionName, id === 'known' ? this.roleId : undefined));
  }

  async assumesElsewhere(role: string): Promise<string> {
    await this.map({ arn: arnOf(this.elsewhere.accountId, `role/${role}`) });
    return this.token(this.elsewhere.assume(role, 'dave'));
  }

  async federates(name: string): Promise<string> {
    await this.map({ arn: `arn:aws:sts::${this.account}:federated-user/${name}` });
    return this.token(this.aws.federate(name));
  }

  async signsInTo(
    set: string,
    suffix: string,
    { name = 'alice@example.com', mapRole = false }: { name?: string; mapRole?: boolean } = {},
  ): Promise<string> {
    await this.map({ permissionSet: { accountId: this.account, name: set } });
    const role = reserved(set, suffix);
    if (mapRole) await this.map({ arn: this.arn(`role/${role}`) });
    return this.token(this.aws.assume(role, name));
  }

  async entersAsRoot(): Promise<string> {
    await this.map({ arn: this.arn('root') });
    return this.token(this.aws.rootKey());
  }
}
