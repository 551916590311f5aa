/** Options that several commands share, so that the same thing has the same name everywhere. */
import { partitionIds } from '../../lib/identity/partitions.ts';
import type { OptionSpec } from '../spec.ts';

export const cluster: OptionSpec = {
  flags: '-i, --cluster-id <id>',
  help: 'id of the cluster',
  env: ['COUNTERSIGN_CLUSTER_ID', 'KUBERNETES_AWS_AUTHENTICATOR_CLUSTER_ID'],
  required: true,
};

export const optionalCluster: OptionSpec = { flags: '-i, --cluster-id <id>', help: 'id of the cluster' };

/** How `token`, `whoami` and `doctor` find the credentials that sign a token. */
export const tokenOptions: readonly OptionSpec[] = [
  { flags: '-r, --role <arn>', help: 'role to assume first', env: ['DEFAULT_ROLE'] },
  { flags: '-e, --external-id <id>', help: "external id that the role's trust policy asks for" },
  {
    flags: '-s, --session-name <name>',
    help: "name of the role's session (default: AWS_ROLE_SESSION_NAME, or countersign)",
    conflicts: ['forwardSessionName'],
  },
  { flags: '--forward-session-name', help: 'name the session as the credentials that assume the role' },
  {
    flags: '--mfa-serial <arn>',
    help: "your MFA device, for a role that wants a code (default: the profile's mfa_serial)",
  },
  {
    flags: '--region <region>',
    help: 'region of the STS host (default: AWS_REGION, AWS_DEFAULT_REGION, profile)',
  },
  { flags: '--no-cache', help: 'create a new token, and do not cache it' },
];

export const partition: OptionSpec = {
  flags: '--partition <id>',
  help: "AWS partition of the cluster's users",
  choices: partitionIds,
};

export const output: OptionSpec = {
  flags: '-o, --output <format>',
  help: 'output format',
  choices: ['table', 'json', 'yaml'],
  default: 'table',
};

export const jsonOrYaml: OptionSpec = {
  flags: '-o, --output <format>',
  help: 'output format',
  choices: ['json', 'yaml'],
  default: 'yaml',
};

/** How to reach the admin API. */
export const adminOptions: readonly OptionSpec[] = [
  { flags: '--endpoint <url>', help: 'the admin API', env: ['COUNTERSIGN_ENDPOINT'] },
  {
    flags: '--signing-service <name>',
    help: 'service to sign for (default: by host)',
    choices: ['execute-api', 'lambda'],
    env: ['COUNTERSIGN_SIGNING_SERVICE'],
  },
  {
    flags: '--signing-region <region>',
    help: 'region to sign for (default: by host)',
    env: ['COUNTERSIGN_SIGNING_REGION'],
  },
];

export const reviewEndpoint: OptionSpec = {
  flags: '--review-endpoint <url>',
  help: 'the review host (default: from the admin API)',
  env: ['COUNTERSIGN_REVIEW_ENDPOINT'],
};

export const file: OptionSpec = {
  flags: '-f, --file <file>',
  help: 'file with the record, YAML or JSON; - is stdin; unknown fields are refused',
};

export const dryRun: OptionSpec = {
  flags: '--dry-run',
  help: 'report what would be written, and write nothing',
};
export const force: OptionSpec = {
  flags: '--force',
  help: 'write even if a cluster would have no permanent admin left',
};
/** `--force` of a `delete` that guards the last admin too. */
export const forceDelete: OptionSpec = {
  flags: '--force',
  help: 'delete even a record that cannot be read, or if a cluster would have no permanent admin left; admins only',
};
/** `--force` of a `delete` that takes no admin away. */
export const forceUnreadable: OptionSpec = {
  flags: '--force',
  help: 'delete it even if it cannot be read; admins only',
};
export const yes: OptionSpec = { flags: '-y, --yes', help: 'do not ask' };

export const scope: OptionSpec = {
  flags: '--scope <scope>',
  help: 'cluster/<id>, set/<name> or all',
};

/** Whom a mapping or a denial is about. */
export const principalOptions: readonly OptionSpec[] = [
  { flags: '--arn <arn>', help: 'ARN of a role, user, federated user or root' },
  { flags: '--permission-set <name>', help: 'IAM Identity Center permission set (with --account)' },
  {
    flags: '--account <id>',
    help: 'account of the permission set; without --permission-set: everybody in the account',
  },
  { flags: '--partition <id>', help: 'partition of the account (default: aws)', choices: partitionIds },
];

export const stateFile: OptionSpec = {
  flags: '-f, --file <file>',
  help: 'the desired state, YAML or JSON; - is stdin',
  required: true,
};
