import { answered, refused, validationError, type Answered } from '../service/answer.ts';
import type { Call, Operation } from '../service/service.ts';
import { callerArn, entityOf, type Caller, type Role } from '../service/accounts.ts';
import { issueSession } from './session.ts';

interface Wanted {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly seconds: number;
  readonly externalId: string | undefined;
  readonly mfa: { readonly serial: string | undefined; readonly code: string | undefined };
}

/** Role chaining: a session that a session assumes lasts an hour at most. */
const chainedSeconds = 3_600;

export const assumeRole: Operation = (call) => {
  const wanted = readWanted(call.parameters);
  if (!wanted.ok) return wanted;
  const { roleArn, sessionName, seconds } = wanted.value;
  const role = call.accounts.roleByArn.get(roleArn);
  // AWS answers alike for a role that does not exist and one that the caller may not assume.
  if (role === undefined || !isTrusted(call.caller, role, wanted.value)) return notAuthorized(call, roleArn);
  const tooLong = durationProblem(call.caller, role, seconds);
  if (tooLong !== undefined) return refused(400, 'ValidationError', tooLong);
  const expiresAt = Math.floor(call.now / 1000 + seconds) * 1000;
  const credentials = issueSession(role, sessionName, expiresAt);
  const { accessKeyId } = credentials;
  return answered({
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: callerArn({ kind: 'session', role, sessionName, accessKeyId }),
    },
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: new Date(expiresAt),
    },
  });
};

function readWanted(parameters: Call['parameters']): Answered<Wanted> {
  const roleArn = parameters.get('RoleArn');
  const sessionName = parameters.get('RoleSessionName');
  const duration = parameters.get('DurationSeconds') ?? '3600';
  const externalId = parameters.get('ExternalId');
  const seconds = Number(duration);
  const must = (value: string | undefined, name: string, rule: string): string =>
    `Value '${value ?? 'null'}' at '${name}' failed to satisfy constraint: ${rule}`;
  const violations: string[] = [];
  if (roleArn === undefined || !/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) {
    violations.push(must(roleArn, 'roleArn', 'Member must be the ARN of a role'));
  }
  if (sessionName === undefined || !/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    violations.push(
      must(
        sessionName,
        'roleSessionName',
        'Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}',
      ),
    );
  }
  if (!/^\d+$/.test(duration) || seconds < 900 || seconds > 43_200) {
    violations.push(must(duration, 'durationSeconds', 'Member must have value between 900 and 43200'));
  }
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    violations.push(
      must(
        externalId,
        'externalId',
        'Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]{2,1224}',
      ),
    );
  }
  if (violations.length > 0 || roleArn === undefined || sessionName === undefined) {
    return validationError(...violations);
  }
  const mfa = { serial: parameters.get('SerialNumber'), code: parameters.get('TokenCode') };
  return answered({ roleArn, sessionName, seconds, externalId, mfa });
}

/** The role's trust policy: the principals, the external id, and a second factor if the role requires it. */
function isTrusted(caller: Caller, role: Role, wanted: Wanted): boolean {
  const { arn, partition, accountId } = entityOf(caller);
  const trusts = role.trust.includes(arn) || role.trust.includes(`arn:${partition}:iam::${accountId}:root`);
  return trusts && hasExternalId(role, wanted) && hasSecondFactor(caller, role, wanted);
}

const hasExternalId = (role: Role, { externalId }: Wanted): boolean =>
  role.externalId === undefined || role.externalId === externalId;

/** A second factor must be right even if the role requires none. */
function hasSecondFactor(caller: Caller, role: Role, { mfa }: Wanted): boolean {
  if (mfa.serial === undefined && mfa.code === undefined) return !role.requireMfa;
  const device = caller.kind === 'user' ? caller.user.mfa : undefined;
  return device !== undefined && device.serial === mfa.serial && device.code === mfa.code;
}

const notAuthorized = ({ caller }: Call, roleArn: string): Answered<never> =>
  refused(
    403,
    'AccessDenied',
    `User: ${callerArn(caller)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );

function durationProblem(caller: Caller, role: Role, seconds: number): string | undefined {
  if (seconds > role.maxSessionSeconds) {
    return 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  }
  if (caller.kind === 'session' && seconds > chainedSeconds) {
    return 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
  }
  return undefined;
}
