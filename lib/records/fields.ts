/**
 * The fields of what admins write, each with its rule as a pattern (so that it stands in the OpenAPI document) and
 * one sentence for whoever breaks it: the field, the rule, and so the remedy.
 */
import * as z from 'zod/mini';
import { partitionIds } from '../identity/partitions.ts';
import { compareText } from '../json/compare-text.ts';
import { templateLimit, templateProblems } from './reserved-names.ts';
import type { NameUse } from './reserved-names.ts';
import { clusterIdPattern, namePattern } from './scope.ts';

const partitions = partitionIds.join('|');
// IAM's own patterns: names of 64 characters, paths of printable ASCII between slashes.
const nameText = '[\\w+=,.@-]{1,64}';
const pathText = '(?:[\\x21-\\x7e]{1,510}/)?';

const iamArn = (resource: string): RegExp => new RegExp(`^arn:(?:${partitions}):iam::\\d{12}:${resource}$`);

export const principalArnPattern = new RegExp(
  `^arn:(?:${partitions}):(?:iam::\\d{12}:(?:root|(?:role|user)/${pathText}${nameText})|sts::\\d{12}:federated-user/${nameText})$`,
);
const profileArnPattern = iamArn(`instance-profile/${pathText}[\\w+=,.@-]{1,128}`);
const groupArnPattern = iamArn(`group/${pathText}[\\w+=,.@-]{1,128}`);
const readerRolePattern = iamArn(`role/${pathText}CountersignGroupReader[\\w+=,.@-]{0,42}`);

type Says = (issue: { readonly input?: unknown }) => string;

/** `what` completes "<field> must be …" and "<field> is missing: give …". */
export const says =
  (field: string, what: string): Says =>
  ({ input }) =>
    input === undefined ? `${field} is missing: give ${what}.` : `${field} must be ${what}.`;

/** A string of a pattern, with one sentence for every way in which it is not. */
function text(field: string, what: string, pattern: RegExp) {
  const error = says(field, what);
  return z.string({ error }).check(z.regex(pattern, { error }));
}

/** Nothing that a terminal or a log would not show as it is. */
const printable = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

export const prose = (field: string) =>
  text(field, '1 to 500 printable characters on one line', printable).check(
    z.maxLength(500, { error: `${field} must be 500 characters at most.` }),
  );

export const flag = (field: string) => z.boolean({ error: says(field, 'true or false') });

export const partition = z.enum(partitionIds, {
  error: says('partition', `one of ${partitionIds.join(', ')}`),
});

export const clusterId = text(
  'id',
  '1 to 100 letters, digits, dots, underscores and hyphens, a letter or digit first',
  clusterIdPattern,
);

const nameRule = '1 to 50 lower-case letters, digits and hyphens, a letter or digit first';
export const name = (field: string) => text(field, nameRule, namePattern);

const scopeSays = { error: says('scope', 'cluster/<id>, set/<name> or all') };
export const scope = z.union(
  [
    z.literal('all', scopeSays),
    z.templateLiteral(['cluster/', z.string().check(z.regex(clusterIdPattern))], scopeSays),
    z.templateLiteral(['set/', z.string().check(z.regex(namePattern))], scopeSays),
  ],
  scopeSays,
);

const accountId = text('accountId', 'the twelve digits of an AWS account, as text', /^\d{12}$/);

const arnRule =
  'the ARN of an IAM role, a user, an account root or a federated user, as AWS prints it, without wildcards';
const arnSays: Says = ({ input }) =>
  typeof input === 'string' && input.includes(':assumed-role/')
    ? 'arn must name the role, not one of its sessions: give arn:<partition>:iam::<account>:role/<name>.'
    : says('arn', arnRule)({ input });
const arn = z.string({ error: arnSays }).check(z.regex(principalArnPattern, { error: arnSays }));

const permissionSet = z.strictObject(
  {
    accountId,
    name: text(
      'name',
      'the name of a permission set: 1 to 32 of letters, digits and +=,.@_-',
      /^[\w+=,.@-]{1,32}$/,
    ),
    partition: z.optional(partition),
  },
  { error: fieldsAre('permissionSet', 'accountId, name and optionally partition') },
);

/** For strict objects: an unknown field is named, with those that there are. */
export function fieldsAre(what: string, fields: string) {
  return (issue: { readonly keys?: readonly string[]; readonly input?: unknown }): string =>
    issue.keys === undefined
      ? says(what, `an object of ${fields}`)(issue)
      : `${what} has no field ${issue.keys.join(', ')}: it takes ${fields}.`;
}

const principalSays = {
  error: fieldsAre(
    'principal',
    'exactly one of arn, permissionSet and accountId (with partition, if not aws)',
  ),
};

export const principal = z.union(
  [
    z.strictObject({ arn }, principalSays),
    z.strictObject({ permissionSet }, principalSays),
    z.strictObject({ accountId, partition: z.optional(partition) }, principalSays),
  ],
  principalSays,
);

/** A username or group: its length and the rules of `reserved-names.ts`, every broken one told. */
export const template = (field: string, use: NameUse) =>
  z.string({ error: says(field, 'text, with placeholders such as {{UserName}}') }).check(
    z.maxLength(templateLimit, { error: `${field} must have ${templateLimit} characters at most.` }),
    z.check<string>(({ value, issues }) => {
      for (const problem of templateProblems(value, use)) {
        issues.push({ code: 'custom', message: `${field} ${problem}.`, input: value, path: [] });
      }
    }),
  );

const uniqueSorted = (values: string[]): string[] => [...new Set(values)].toSorted(compareText);

/** A list that is a set: unique and sorted once parsed. */
export const setOf = <T extends z.ZodMiniType<string, string>>(field: string, item: T, most: number) =>
  z
    .array(item, { error: says(field, `a list of ${most} at most`) })
    .check(
      z.maxLength(most, { error: `${field} must be a list of ${most} at most.` }),
      z.overwrite(uniqueSorted),
    );

export const groups = setOf('groups', template('a group', 'group'), 64);

/** Groups of Kubernetes as they are, without placeholders. */
export const plainGroups = setOf(
  'adminGroups',
  text(
    'an admin group',
    'a group of 1 to 256 printable characters without placeholders',
    /^(?!.*\{\{)[^\p{C}\p{Zl}\p{Zp}]{1,256}$/u,
  ),
  64,
);

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
export const instant = (field: string) =>
  text(field, instantRule, instantPattern).check(z.refine(isRealTime, { error: says(field, instantRule) }));

/** `Date` rolls 30 February over; only a time that comes back as it went in is one. Other forms are the pattern's to refuse. */
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
).check(
  z.minLength(1, { error: 'instanceProfiles must name one at least, or be left out for the default.' }),
);

export const iamGroup = text(
  'iamGroup',
  'the ARN of an IAM group, such as arn:aws:iam::111122223333:group/Developers',
  groupArnPattern,
);

export const readerRoleArn = text(
  'readerRoleArn',
  'the ARN of a role whose name begins with CountersignGroupReader',
  readerRolePattern,
);

export const externalId = text(
  'externalId',
  '2 to 1,224 of letters, digits and +=,.@:/_-',
  /^[\w+=,.@:/-]{2,1224}$/,
);

/** The partition and account of an ARN of IAM that has passed its pattern: `aws:111122223333`. */
export const accountOf = (arnText: string): string => {
  const [, partition = '', , , account = ''] = arnText.split(':');
  return `${partition}:${account}`;
};
