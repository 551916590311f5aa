/**
 * The reference model: the answer that a review must give, written from docs/architecture.md, "Mapping rules", as
 * plainly as possible and without regard to cost. It shares no code with lib/: `npm run check:layers` checks that.
 */

export interface Caller {
  readonly partition: string;
  readonly account: string;
  readonly kind: 'role' | 'user' | 'root' | 'federated-user';
  /** Role, user or federated name; '' for root. */
  readonly name: string;
  /** '/' or '/a/b/'. STS reports a user's, never a role's; neither identifies a caller. */
  readonly path: string;
  readonly session: string;
  readonly id: string;
  readonly accessKey: string;
}

export type Who =
  | { readonly arn: string }
  | {
      readonly permissionSet: {
        readonly accountId: string;
        readonly name: string;
        readonly partition?: string;
      };
    }
  | { readonly accountId: string; readonly partition?: string };

export interface Entry {
  readonly scope: string;
  readonly principal: Who;
  readonly owner: 'manual' | 'group-sync';
  readonly username: string;
  readonly groups: readonly string[];
  readonly expiresAt?: string;
  readonly principalId?: string;
  readonly instanceProfiles?: readonly string[];
}

export interface Machine {
  readonly id: string;
  readonly account: string;
  readonly state: string;
  readonly profile?: string;
  readonly dnsName: string;
}

export interface Ban {
  readonly principal?: Who;
  readonly principalId?: string;
  readonly accessKeyId?: string;
  readonly sessionName?: string;
}

export interface Place {
  readonly id: string;
  readonly partition: string;
  readonly sets: readonly string[];
  readonly disabled: boolean;
}

export interface Question {
  readonly caller: Caller;
  readonly place: Place;
  readonly entries: readonly Entry[];
  readonly bans: readonly Ban[];
  readonly machines: readonly Machine[];
  readonly now: number;
}

export interface Answer {
  readonly code: string;
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** Returns the answer that a review must give. */
export function expectedAnswer({ caller, place, entries, bans, machines, now }: Question): Answer {
  if (place.disabled) return { code: 'cluster_disabled' };
  if (bans.some((ban) => isBanned(caller, ban))) return { code: 'principal_denied' };
  const verdicts = entries
    .filter((entry) => isAbout(caller, entry, place))
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .map((entry) => evaluate(caller, entry, machines, now));
  const live = verdicts.filter((verdict) => verdict.code === 'verified');
  const first = live[0];
  if (first === undefined) return { code: verdicts[0]?.code ?? 'principal_not_mapped' };
  const groups = new Set(live.flatMap((verdict) => verdict.groups ?? []));
  return { code: 'verified', username: first.username ?? '', groups: [...groups].toSorted() };
}

/** An ARN names the caller if account, partition, kind and name agree: whatever the path, and without case unless AWS compares with it. */
function namesCaller(arn: string, caller: Caller, isBan: boolean): boolean {
  const [, partition, , , account, resource = ''] = arn.split(':');
  if (partition !== caller.partition || account !== caller.account) return false;
  const [kind, ...rest] = resource.split('/');
  const name = rest.at(-1) ?? '';
  if (kind !== caller.kind) return false;
  const sameSpelling = name === caller.name;
  const sameLetters = name.toLowerCase() === caller.name.toLowerCase();
  return kind === 'federated-user' && !isBan ? sameSpelling : sameLetters;
}

function matchesWho(caller: Caller, who: Who, isBan: boolean): boolean {
  if ('arn' in who) return namesCaller(who.arn, caller, isBan);
  if ('permissionSet' in who) {
    const { accountId, name, partition = 'aws' } = who.permissionSet;
    if (caller.kind !== 'role' || caller.account !== accountId || caller.partition !== partition)
      return false;
    // A mapping asks for the name as AWS creates it; a ban ignores case throughout.
    const roleName = isBan ? caller.name.toLowerCase() : caller.name;
    const prefix = isBan ? 'awsreservedsso_' : 'AWSReservedSSO_';
    if (!roleName.startsWith(prefix)) return false;
    const rest = roleName.slice(prefix.length);
    const suffix = rest.slice(-16);
    return /^[0-9a-f]{16}$/.test(suffix) && rest.slice(0, -16).toLowerCase() === `${name.toLowerCase()}_`;
  }
  return caller.account === who.accountId && caller.partition === (who.partition ?? 'aws');
}

function isBanned(caller: Caller, ban: Ban): boolean {
  if (ban.principalId !== undefined) return ban.principalId === caller.id;
  if (ban.accessKeyId !== undefined) return ban.accessKeyId === caller.accessKey;
  if (ban.principal === undefined || !matchesWho(caller, ban.principal, true)) return false;
  return ban.sessionName === undefined || ban.sessionName.toLowerCase() === caller.session.toLowerCase();
}

function isAbout(caller: Caller, entry: Entry, place: Place): boolean {
  const scopes = [`cluster/${place.id}`, ...place.sets.map((set) => `set/${set}`), 'all'];
  if (!scopes.includes(entry.scope) || !matchesWho(caller, entry.principal, false)) return false;
  if ('accountId' in entry.principal) return caller.kind === 'role' || caller.kind === 'user';
  return entry.owner === 'manual' || caller.kind === 'user';
}

/** The smallest rank determines the username: kind of principal, width of the scope, owner, then alphabetical. */
function rank({ principal, scope, owner }: Entry): string {
  const kind = 'arn' in principal ? 0 : 'permissionSet' in principal ? 1 : 2;
  const width = scope.startsWith('cluster/') ? 0 : scope.startsWith('set/') ? 1 : 2;
  return `${kind} ${width} ${owner === 'manual' ? 0 : 1} ${scope}`;
}

function evaluate(caller: Caller, entry: Entry, machines: readonly Machine[], now: number): Answer {
  if (entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= now) return { code: 'mapping_expired' };
  if (entry.principalId !== undefined && entry.principalId !== caller.id)
    return { code: 'principal_recreated' };
  const needsMachine = [entry.username, ...entry.groups].some((text) =>
    text.includes('{{EC2PrivateDNSName}}'),
  );
  const machine = needsMachine ? machineOf(caller, entry, machines) : undefined;
  if (needsMachine && machine === undefined) return { code: 'instance_not_verified' };
  const username = render(entry.username, caller, machine);
  const groups = entry.groups.map((group) => render(group, caller, machine));
  const isNode = entry.username === 'system:node:{{EC2PrivateDNSName}}';
  const allRender =
    username !== undefined &&
    (isNode || !username.startsWith('system:')) &&
    groups.every((group, index) => group !== undefined && isAllowedGroup(group, entry.groups[index] ?? ''));
  if (!allRender) return { code: 'username_invalid' };
  return { code: 'verified', username, groups: groups.filter((group) => group !== undefined) };
}

const isAllowedGroup = (group: string, template: string): boolean =>
  !group.startsWith('system:') || template.startsWith('system:');

/** The caller's own machine: named by the session, in its account, running, with one of the allowed profiles. */
function machineOf(caller: Caller, entry: Entry, machines: readonly Machine[]): Machine | undefined {
  const own = `arn:${caller.partition}:iam::${caller.account}:instance-profile/${caller.name}`;
  const profiles = new Set((entry.instanceProfiles ?? [own]).map((profile) => profile.toLowerCase()));
  if (caller.kind !== 'role' || !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(caller.session)) return undefined;
  return machines.find(
    (machine) =>
      machine.id === caller.session &&
      machine.account === caller.account &&
      machine.state === 'running' &&
      machine.profile !== undefined &&
      profiles.has(machine.profile.toLowerCase()),
  );
}

/** Replaces placeholders in one pass; `undefined` if the caller lacks the value of one. */
function render(template: string, caller: Caller, machine: Machine | undefined): string | undefined {
  const session = caller.session === '' ? undefined : caller.session;
  const values: Record<string, string | undefined> = {
    AccountID: caller.account,
    SessionName: session?.split('@').join('-'),
    SessionNameRaw: session,
    AccessKeyID: caller.accessKey,
    UserName: caller.kind === 'user' ? caller.name : undefined,
    RoleName: caller.kind === 'role' ? caller.name : undefined,
    EC2PrivateDNSName: machine?.dnsName,
  };
  const pieces = template.split('{{').map((piece, index) => {
    if (index === 0) return piece;
    const [name = '', text = ''] = piece.split('}}');
    const value = values[name];
    return value === undefined ? undefined : value + text;
  });
  return pieces.includes(undefined) ? undefined : pieces.join('');
}
