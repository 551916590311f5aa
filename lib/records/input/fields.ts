/**
 * The fields of what admins write, each with its rule as a pattern (so that the OpenAPI document shows it) and one
 * error message: the field, the rule, and so the remedy. All functions are marked as free of side effects, so that a
 * bundle which uses no field (the reviewer's) holds none of this.
 */
import * as v from 'valibot';
import { partitionIds } from '../../identity/partitions.ts';
import { boundedList } from '../../json/bounded-list.ts';
import { compareText } from '../../json/compare-text.ts';
import { oneOf } from '../../json/one-of.ts';
import { errorFor, strictObject } from '../../json/strict-object.ts';
import { misleadingIn } from '../names/characters.ts';
import { templateLimit, templateProblems } from '../reserved-names.ts';
import type { NameUse } from '../reserved-names.ts';
import { clusterIdPattern, isScope, namePattern, scopePattern } from '../scope.ts';

// IAM's own patterns: names of 64 characters, paths of printable ASCII between slashes.
const nameText = '[\\w+=,.@-]{1,64}';
const pathText = '(?:[\\x21-\\x7e]{1,510}/)?';

/* @__NO_SIDE_EFFECTS__ */
function iamArn(kind: 'instance-profile' | 'group' | 'role', namePart: string, path = pathText): RegExp {
  const partitions = partitionIds.join('|');
  return new RegExp(`^arn:(?:${partitions}):iam::\\d{12}:${kind}/${path}${namePart}$`);
}

/* @__NO_SIDE_EFFECTS__ */
function principalArn(): RegExp {
  return new RegExp(
    `^arn:(?:${partitionIds.join('|')}):(?:iam::\\d{12}:(?:root|(?:role|user)/${pathText}${nameText})|sts::\\d{12}:federated-user/${nameText})$`,
  );
}

export const principalArnPattern = principalArn();
const profileArnPattern = iamArn('instance-profile', '[\\w+=,.@-]{1,128}');
const groupArnPattern = iamArn('group', '[\\w+=,.@-]{1,128}');
// The policy of the sync's role names these roles, and no path (infra/cloudformation/roles.yml).
const readerRolePattern = iamArn('role', 'CountersignGroupReader[\\w+=,.@-]{0,42}', '');

type TextField = v.GenericSchema<string>;

/** A string of a pattern, with one message for every way in which it is not. */
/* @__NO_SIDE_EFFECTS__ */
function text(field: string, what: string, pattern: RegExp): TextField {
  const error = errorFor(field, what);
  return v.pipe(v.string(error), v.regex(pattern, error));
}

/** Nothing that a terminal or a log would not show as it is. */
const printable = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

/* @__NO_SIDE_EFFECTS__ */
export function prose(field: string): TextField {
  return v.pipe(
    text(field, '1 to 500 printable characters on one line', printable),
    v.maxLength(500, `${field} must be 500 characters at most.`),
    plainCharacters(field),
  );
}

/** Not a pattern: the JSON Schema is read by engines that do not know these classes of characters. */
/* @__NO_SIDE_EFFECTS__ */
function plainCharacters(field: string): v.RawCheckAction<string> {
  return v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.issues !== undefined || !dataset.typed) return;
    const problem = misleadingIn(dataset.value);
    if (problem !== undefined) addIssue({ message: `${field} ${problem}.` });
  });
}

/* @__NO_SIDE_EFFECTS__ */
export function flag(field: string): v.GenericSchema<boolean> {
  return v.boolean(errorFor(field, 'true or false'));
}

/* @__NO_SIDE_EFFECTS__ */
function partitionField() {
  return v.picklist(partitionIds, errorFor('partition', `one of ${partitionIds.join(', ')}`));
}

export const partition = partitionField();

export const clusterId = text(
  'id',
  '1 to 100 letters, digits, dots, underscores and hyphens, a letter or digit first',
  clusterIdPattern,
);

const nameRule = '1 to 50 lower-case letters, digits and hyphens, a letter or digit first';
/* @__NO_SIDE_EFFECTS__ */
export function name(field: string): TextField {
  return text(field, nameRule, namePattern);
}

/* @__NO_SIDE_EFFECTS__ */
function scopeField() {
  const error = errorFor('scope', 'cluster/<id>, set/<name> or all');
  return v.pipe(v.string(error), v.regex(scopePattern, error), v.guard(isScope));
}

export const scope = scopeField();

const accountId = text('accountId', 'the twelve digits of an AWS account, as text', /^\d{12}$/);

const arnRule =
  'the ARN of an IAM role, a user, an account root or a federated user, as AWS prints it, without wildcards';
const arnError: ReturnType<typeof errorFor> = ({ input }) =>
  typeof input === 'string' && input.includes(':assumed-role/')
    ? 'arn must name the role, not one of its sessions: give arn:<partition>:iam::<account>:role/<name>.'
    : errorFor('arn', arnRule)({ input });
const principalTakes = 'exactly one of arn, permissionSet and accountId (with partition, if not aws)';

/* @__NO_SIDE_EFFECTS__ */
function principalField() {
  const arn = v.pipe(v.string(arnError), v.regex(principalArnPattern, arnError));
  const permissionSet = strictObject(
    'permissionSet',
    {
      accountId,
      name: text(
        'name',
        'the name of a permission set: 1 to 32 of letters, digits and +=,.@_-',
        /^[\w+=,.@-]{1,32}$/,
      ),
      partition: v.optional(partition),
    },
    'accountId, name and optionally partition',
  );
  return oneOf('principal', principalTakes, [
    strictObject('principal', { arn }, principalTakes),
    strictObject('principal', { permissionSet }, principalTakes),
    strictObject('principal', { accountId, partition: v.optional(partition) }, principalTakes),
  ]);
}

export const principal = principalField();

/** A username or group: its length and the rules of `reserved-names.ts`, every broken one reported. */
/* @__NO_SIDE_EFFECTS__ */
export function template(field: string, use: NameUse): TextField {
  return v.pipe(
    v.string(errorFor(field, 'text, with placeholders such as {{UserName}}')),
    v.maxLength(templateLimit, `${field} must have ${templateLimit} characters at most.`),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const problem of templateProblems(dataset.value, use)) {
        addIssue({ message: `${field} ${problem}.` });
      }
    }),
  );
}

const uniqueSorted = (values: string[]): string[] => [...new Set(values)].toSorted(compareText);

/**
 * A list that is a set: unique and sorted once parsed.
 * @param ifEmpty the message for an empty list. Default: it is allowed
 */
/* @__NO_SIDE_EFFECTS__ */
export function setOf(
  field: string,
  item: TextField,
  most: number,
  ifEmpty?: string,
): v.GenericSchema<unknown, readonly string[]> {
  const list = boundedList(field, item, most);
  const checked = ifEmpty === undefined ? list : v.pipe(list, v.minLength(1, ifEmpty));
  return v.pipe(checked, v.transform(uniqueSorted));
}

export const groups = setOf('groups', template('a group', 'group'), 64);

/** Groups of Kubernetes as they are, without placeholders. */
/* @__NO_SIDE_EFFECTS__ */
function plainGroup(): TextField {
  const group = text(
    'an admin group',
    'a group of 1 to 256 printable characters without placeholders',
    /^(?!.*\{\{)[^\p{C}\p{Zl}\p{Zp}]{1,256}$/u,
  );
  return v.pipe(group, plainCharacters('an admin group'));
}

export const plainGroups = setOf('adminGroups', plainGroup(), 64);

export const uniqueId = text(
  'principalId',
  "a role's or a user's unique id, AROA… or AIDA…, as iam get-role or get-user shows it",
  /^(?:AROA|AIDA)[A-Z0-9]{12,124}$/,
);

export const accessKeyId = text(
  'accessKeyId',
  'the id of an access key, AKIA… or ASIA…',
  /^(?:AKIA|ASIA)[A-Z0-9]{12,124}$/,
);

export const sessionName = text(
  'sessionName',
  'the name of a role session: 2 to 64 of letters, digits and +=,.@_-',
  /^[\w+=,.@-]{2,64}$/,
);

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;
const instantRule = 'a time in UTC such as 2030-01-31T12:00:00Z, of a day that exists';
/* @__NO_SIDE_EFFECTS__ */
export function instant(field: string): TextField {
  return v.pipe(text(field, instantRule, instantPattern), v.check(isRealTime, errorFor(field, instantRule)));
}

/** `Date` rolls 30 February over: only a time that comes back unchanged exists. The pattern refuses other forms. */
function isRealTime(value: string): boolean {
  if (!instantPattern.test(value)) return true;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19);
}

export const instanceProfiles = setOf(
  'instanceProfiles',
  text(
    'an instance profile',
    'an ARN such as arn:aws:iam::111122223333:instance-profile/KubernetesNode',
    profileArnPattern,
  ),
  16,
  'instanceProfiles must name one at least, or be left out for the default.',
);

export const iamGroup = text(
  'iamGroup',
  'the ARN of an IAM group, such as arn:aws:iam::111122223333:group/Developers',
  groupArnPattern,
);

export const readerRoleArn = text(
  'readerRoleArn',
  'the ARN of a role without a path, whose name begins with CountersignGroupReader: the group sync may assume no other',
  readerRolePattern,
);

export const externalId = text(
  'externalId',
  '2 to 1,224 of letters, digits and +=,.@:/_-',
  /^[\w+=,.@:/-]{2,1224}$/,
);
