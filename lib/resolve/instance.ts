/**
 * Which EC2 instance a caller runs on: the port, and the checks that stand between a session name, which the
 * caller chooses, and the name of a node.
 */
import { denied, ok } from '../errors.ts';
import type { DeniedOf, Instant, Result, UnavailableOf } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import type { PartitionId } from '../identity/partitions.ts';
import { arnKey } from '../records/principal.ts';
import { defaultProfile } from '../records/mapping.ts';
import type { Mapping } from '../records/mapping.ts';

/** The session of an instance's role is named by the instance. */
const instanceIdPattern = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const isInstanceId = (text: string): boolean => instanceIdPattern.test(text);

/** An instance as EC2 describes it. */
export interface Instance {
  readonly instanceId: string;
  /** The owner of its reservation. */
  readonly accountId: string;
  /** `running` and others. */
  readonly state: string;
  /** Path included; `undefined` where it has none. */
  readonly instanceProfileArn: string | undefined;
  /** `''` where it has none. */
  readonly privateDnsName: string;
}

export interface InstanceQuestion {
  /** Of the pattern of instance ids. */
  readonly instanceId: string;
  readonly accountId: string;
  readonly partition: PartitionId;
}

/** Never throws. `undefined`: EC2 knows no such instance. */
export interface InstanceReader {
  readInstance(
    question: InstanceQuestion,
    signal: AbortSignal,
  ): Promise<Result<Instance | undefined, UnavailableOf<'ec2_unavailable'>>>;
}

/** What to ask EC2 about this caller; `undefined` where no instance has its name. */
export const instanceQuestion = (identity: CallerIdentity): InstanceQuestion | undefined =>
  identity.principal.kind === 'role' && isInstanceId(identity.sessionName)
    ? { instanceId: identity.sessionName, accountId: identity.accountId, partition: identity.partition }
    : undefined;

/** The profiles that a mapping takes. By default the one that the console makes with a role, of the same name. */
export const allowedProfiles = (mapping: Mapping, identity: CallerIdentity): readonly string[] => {
  if (mapping.instanceProfiles !== undefined) return mapping.instanceProfiles;
  return identity.principal.kind === 'role'
    ? [defaultProfile(identity.partition, identity.accountId, identity.principal.roleName)]
    : [];
};

/** Paths do not count: names of profiles, as of roles, are unique in their account. */
const profileKey = (arn: string): string =>
  arnKey(arn).replace(/:instance-profile\/.*\//, ':instance-profile/');

/**
 * The private DNS name of the caller's instance, or why the caller is not taken for it.
 * @param instance as EC2 describes it; `undefined`: unknown to EC2, or the session name is no instance id
 */
export function verifyInstance(
  mapping: Mapping,
  identity: CallerIdentity,
  instance: Instance | undefined,
): Result<string, DeniedOf<'instance_not_verified'>> {
  const instanceId = identity.sessionName === '' ? '(none)' : identity.sessionName;
  const no = (rule: string) => denied('instance_not_verified', { instanceId, rule });
  if (instanceQuestion(identity) === undefined)
    return no('is not an instance id, which the session name must be');
  if (instance === undefined || instance.instanceId !== instanceId) return no('does not exist');
  if (instance.accountId !== identity.accountId) return no("is not in the caller's account");
  if (instance.state !== 'running') return no(`is ${instance.state}, not running`);
  if (instance.privateDnsName === '') return no('has no private DNS name');
  if (instance.instanceProfileArn === undefined) return no('has no instance profile');
  const profile = profileKey(instance.instanceProfileArn);
  return allowedProfiles(mapping, identity).some((allowed) => profileKey(allowed) === profile)
    ? ok(instance.privateDnsName)
    : no('carries an instance profile that the mapping does not name');
}

/** As long as a verified identity: a node that was stopped or lost its profile is out within that. */
const cacheMilliseconds = 60_000;
const cacheEntries = 10_000;

/**
 * Remembers running instances for 60 s, 10,000 of them at most, so that a fleet's kubelets do not use up the
 * account's DescribeInstances rate. Failures and unknown or stopped instances are asked for again each time:
 * an instance that has just started must not be kept out by an answer from before.
 */
export class CachedInstances implements InstanceReader {
  readonly #reader: InstanceReader;
  readonly #clock: () => Instant;
  readonly #cache = new Map<string, { readonly instance: Instance; readonly until: Instant }>();

  constructor(reader: InstanceReader, clock: () => Instant) {
    this.#reader = reader;
    this.#clock = clock;
  }

  async readInstance(
    question: InstanceQuestion,
    signal: AbortSignal,
  ): Promise<Result<Instance | undefined, UnavailableOf<'ec2_unavailable'>>> {
    const key = `${question.partition}/${question.accountId}/${question.instanceId}`;
    const known = this.#cache.get(key);
    if (known !== undefined && known.until > this.#clock()) return ok(known.instance);
    this.#cache.delete(key);
    const result = await this.#reader.readInstance(question, signal);
    if (result.ok && result.value?.state === 'running') this.#remember(key, result.value);
    return result;
  }

  #remember(key: string, instance: Instance): void {
    // A Map keeps the order of insertion: the first key is the oldest.
    const oldest = this.#cache.size >= cacheEntries ? this.#cache.keys().next() : undefined;
    if (oldest?.done === false) this.#cache.delete(oldest.value);
    this.#cache.set(key, { instance, until: this.#clock() + cacheMilliseconds });
  }
}
