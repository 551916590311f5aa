/** ARNs of the principals that can call AWS. */
import { partitionIds } from './partitions.ts';
import type { PartitionId } from './partitions.ts';

interface Common {
  readonly partition: PartitionId;
  /** Twelve digits. */
  readonly accountId: string;
  /**
   * As people write it: without a session, without a role's path (STS does not report it), and with a user's path. It is no key
   * of the table, where no path and hardly any case matters: see `mappingKeyOf` and `denialKeyOf` in `lib/records/principal.ts`.
   */
  readonly canonicalArn: string;
}

/** The principal that an ARN of IAM or STS names. */
export type PrincipalArn =
  | (Common & { readonly kind: 'role'; readonly path: string; readonly name: string })
  | (Common & { readonly kind: 'user'; readonly path: string; readonly name: string })
  | (Common & { readonly kind: 'assumed-role'; readonly name: string; readonly sessionName: string })
  | (Common & { readonly kind: 'federated-user'; readonly name: string })
  | (Common & { readonly kind: 'root' });

const arnPattern = /^arn:([a-z-]{3,10}):(iam|sts)::(\d{12}):([\x21-\x7e]{1,700})$/;
// Names: IAM's pattern [\w+=,.@-], 64 at most (`\w` is ASCII here: no `u` and no `i`). Paths: any printable ASCII, 512 at most.
const rolePattern = /^role(\/(?:[\x21-\x7e]{1,510}\/)?)([\w+=,.@-]{1,64})$/;
const userPattern = /^user(\/(?:[\x21-\x7e]{1,510}\/)?)([\w+=,.@-]{1,64})$/;
const assumedRolePattern = /^assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{1,64})$/;
const federatedUserPattern = /^federated-user\/([\w+=,.@-]{1,64})$/;

const isPartitionId = (text: string): text is PartitionId =>
  partitionIds.some((partition) => partition === text);

/**
 * Parses the ARN of a role, user, root, federated user or role session. `undefined` for anything else, including other cases of
 * its fixed words, white space, wildcards in names, and unknown partitions.
 */
export function parsePrincipalArn(text: string): PrincipalArn | undefined {
  const [, partition = '', service = '', accountId = '', resource = ''] = arnPattern.exec(text) ?? [];
  if (!isPartitionId(partition)) return undefined;
  const common = { partition, accountId, canonicalArn: text };
  return service === 'iam' ? parseIamResource(resource, common) : parseStsResource(resource, common);
}

function parseIamResource(resource: string, common: Common): PrincipalArn | undefined {
  if (resource === 'root') return { ...common, kind: 'root' };
  const [, rolePath = '', roleName] = rolePattern.exec(resource) ?? [];
  if (roleName !== undefined) {
    return {
      ...common,
      kind: 'role',
      path: rolePath,
      name: roleName,
      canonicalArn: roleArn(common.partition, common.accountId, roleName),
    };
  }
  const [, userPath = '', userName] = userPattern.exec(resource) ?? [];
  return userName === undefined ? undefined : { ...common, kind: 'user', path: userPath, name: userName };
}

function parseStsResource(resource: string, common: Common): PrincipalArn | undefined {
  const [, roleName, sessionName = ''] = assumedRolePattern.exec(resource) ?? [];
  if (roleName !== undefined) {
    return {
      ...common,
      kind: 'assumed-role',
      name: roleName,
      sessionName,
      canonicalArn: roleArn(common.partition, common.accountId, roleName),
    };
  }
  const [, userName] = federatedUserPattern.exec(resource) ?? [];
  return userName === undefined ? undefined : { ...common, kind: 'federated-user', name: userName };
}

/** The canonical ARN of a role, without a path. */
export function roleArn(partition: PartitionId, accountId: string, roleName: string): string {
  return `arn:${partition}:iam::${accountId}:role/${roleName}`;
}

/** One key for every case of a canonical ARN: ARNs compare without case. They are ASCII, so this is exact. */
export function arnKey(canonicalArn: string): string {
  return canonicalArn.toLowerCase();
}
