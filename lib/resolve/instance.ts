/**
 * The EC2 instance that a caller runs on: the port, and the checks that a session name, which the caller chooses, must pass
 * before it counts as the name of a node.
 */
import { denied, ok } from '../errors.ts';
import type { DeniedOf, Result, UnavailableOf } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';
import type { PartitionId } from '../identity/partitions.ts';
import { arnKey } from '../identity/arn.ts';
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
  /** Path included; `undefined`: it has none. */
  readonly instanceProfileArn: string | undefined;
  /** `undefined`: it has none. */
  readonly privateDnsName: string | undefined;
}

export interface InstanceQuestion {
  /** An instance id by its pattern. */
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

/** What to ask EC2 about this caller; `undefined` if its session is not named like an instance. */
export function instanceQuestion({
  principal,
  sessionName,
  accountId,
  partition,
}: CallerIdentity): InstanceQuestion | undefined {
  return principal.kind === 'role' && sessionName !== undefined && isInstanceId(sessionName)
    ? { instanceId: sessionName, accountId, partition }
    : undefined;
}

/** The profiles that a mapping accepts. Default: the one of the role's name, which the AWS console creates with a role. */
export const allowedProfiles = (mapping: Mapping, identity: CallerIdentity): readonly string[] => {
  if (mapping.instanceProfiles !== undefined) return mapping.instanceProfiles;
  return identity.principal.kind === 'role'
    ? [defaultProfile(identity.partition, identity.accountId, identity.principal.roleName)]
    : [];
};

/** Without its path: names of profiles, as of roles, are unique in their account. */
const profileKey = (arn: string): string =>
  arnKey(arn).replace(/:instance-profile\/.*\//, ':instance-profile/');

/**
 * The private DNS name of the caller's instance, or why the caller is not verified as it.
 * @param instance as EC2 describes it; `undefined`: unknown to EC2, or the session name is no instance id
 */
export function verifyInstance(
  mapping: Mapping,
  identity: CallerIdentity,
  instance: Instance | undefined,
): Result<string, DeniedOf<'instance_not_verified'>> {
  const instanceId = identity.sessionName ?? '(none)';
  const refuse = (rule: string) => denied('instance_not_verified', { instanceId, rule });
  if (instanceQuestion(identity) === undefined)
    return refuse('is not an instance id, which the session name must be');
  if (instance === undefined || instance.instanceId !== instanceId) return refuse('does not exist');
  if (instance.accountId !== identity.accountId) return refuse("is not in the caller's account");
  if (instance.state !== 'running') return refuse(`is ${instance.state}, not running`);
  if (instance.privateDnsName === undefined) return refuse('has no private DNS name');
  if (instance.instanceProfileArn === undefined) return refuse('has no instance profile');
  const profile = profileKey(instance.instanceProfileArn);
  return allowedProfiles(mapping, identity).some((allowed) => profileKey(allowed) === profile)
    ? ok(instance.privateDnsName)
    : refuse('carries an instance profile that the mapping does not name');
}
