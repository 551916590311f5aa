// @ts-check
/**
 * The parameters of a deployment: from `--param name=value`, else from `infra/parameters/<stage>.yml`, else the
 * default. All are validated here, and all errors are reported at once. docs/deploy.md explains each one (a test
 * compares the two).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Values for what only the owner of the account knows: `package` accepts them, `deploy` refuses them. */
const placeholders = {
  'vpc-endpoint-ids': 'vpce-00000000000000000',
  admins: '{"arn:aws:iam::000000000000:role/PlaceholderAdmin":"admin"}',
};

const arn = (/** @type {string} */ service, /** @type {string} */ rest) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${rest}$`);
const wholeNumber = /^\d{1,6}$/;

/** What WAF accepts as the limit of a rate-based rule. */
const wafRateLimits = /** @type {const} */ ([10, 2_000_000_000]);

/** The values that CloudWatch Logs accepts. */
const retentionDays =
  '1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653'.split(' ');

/**
 * @typedef {object} Definition
 * @property {string} default '' means unset
 * @property {readonly string[]} [oneOf]
 * @property {RegExp} [pattern] of the value, or of each item of a list
 * @property {readonly [number, number]} [range] of a number, both ends included
 * @property {true} [list] separated by commas
 * @property {string} shape completes "must be …"
 */

/** @type {Readonly<Record<string, Definition>>} */
export const definitions = {
  exposure: {
    default: 'private-api',
    oneOf: ['private-api', 'function-url'],
    shape: 'private-api or function-url',
  },
  'admin-exposure': {
    default: '',
    oneOf: ['private-api', 'function-url'],
    shape: 'private-api or function-url',
  },
  whoami: { default: '', oneOf: ['on', 'off'], shape: 'on or off' },
  'vpc-endpoint-ids': {
    default: placeholders['vpc-endpoint-ids'],
    list: true,
    pattern: /^vpce-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    shape: 'ids of execute-api interface endpoints, such as vpce-0123456789abcdef0, separated by commas',
  },
  'domain-name': { default: '', pattern: /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, shape: 'a host name in lower case' },
  'certificate-arn': {
    default: '',
    pattern: arn('acm', 'certificate/[0-9a-f-]+'),
    shape: 'the ARN of an ACM certificate',
  },
  admins: { default: placeholders.admins, shape: 'a mapping of principal ARNs to roles' },
  'extra-sts-regions': {
    default: '',
    list: true,
    pattern: /^[a-z]{2}[a-z-]*-\d$/,
    shape: 'regions, separated by commas',
  },
  'scrubbed-accounts': {
    default: '',
    list: true,
    pattern: /^\d{12}$/,
    shape: 'account ids, separated by commas',
  },
  'ec2-reader-role-arn': {
    default: '',
    pattern: arn('iam', 'role/[\\w+=,.@/-]+'),
    shape: 'the ARN of a role',
  },
  'log-level': {
    default: 'info',
    oneOf: ['debug', 'info', 'warn', 'error'],
    shape: 'debug, info, warn or error',
  },
  'log-retention-days': { default: '90', oneOf: retentionDays, shape: `one of ${retentionDays.join(', ')}` },
  'log-kms-key-arn': { default: '', pattern: arn('kms', 'key/[0-9a-f-]+'), shape: 'the ARN of a KMS key' },
  'table-kms-key-arn': { default: '', pattern: arn('kms', 'key/[0-9a-f-]+'), shape: 'the ARN of a KMS key' },
  'existing-table': { default: '', pattern: /^[A-Za-z0-9_.-]{3,255}$/, shape: 'the name of a table' },
  'review-concurrency': { default: '', pattern: wholeNumber, shape: 'a whole number' },
  'whoami-concurrency': { default: '', pattern: wholeNumber, shape: 'a whole number' },
  'rate-limit': { default: '500', pattern: wholeNumber, shape: 'a whole number of requests per second' },
  'burst-limit': { default: '1000', pattern: wholeNumber, shape: 'a whole number of requests' },
  'cluster-rate-limit': {
    default: '10000',
    pattern: /^(?:off|\d{1,10})$/,
    range: wafRateLimits,
    shape: 'off, or a whole number of reviews in 60 seconds from 10 to 2000000000',
  },
  tracing: { default: 'off', oneOf: ['on', 'off'], shape: 'on or off' },
  'group-sync': { default: 'on', oneOf: ['on', 'off'], shape: 'on or off' },
  'alarm-topic-arn': { default: '', pattern: arn('sns', '[\\w-]+'), shape: 'the ARN of an SNS topic' },
  'refusal-alarm-threshold': {
    default: '100',
    pattern: wholeNumber,
    shape: 'a whole number of refusals in 5 minutes',
  },
  'cluster-alarm-threshold': {
    default: '5000',
    pattern: wholeNumber,
    shape: 'a whole number of reviews of one cluster in a minute',
  },
};

/** A Lambda function's environment is limited to 4 KB, which the other settings share. */
const maxAdminsBytes = 3000;

/** @typedef {Readonly<Record<string, string>>} Settings as `readSettings` returns them */

/**
 * Reads and validates all parameters.
 * @param {{stage: string, params?: readonly string[], serviceDir: string}} source
 * @returns {Record<string, string>} the value of every parameter by name
 * @throws {Error} whose message has one line for each error
 */
export function readSettings({ stage, params = [], serviceDir }) {
  const given = {
    ...readParameterFile(join(serviceDir, 'infra', 'parameters', `${stage}.yml`)),
    ...readParams(params),
  };
  const settings = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, given[name] ?? definition.default]),
  );
  const problems = [
    ...Object.keys(given).flatMap((name) =>
      Object.hasOwn(definitions, name) ? [] : [`${name} is not a parameter: docs/deploy.md lists them.`],
    ),
    ...Object.entries(definitions).flatMap(([name, definition]) =>
      problemOf(name, settings[name] ?? '', definition),
    ),
  ];
  settings['admin-exposure'] ||= settings['exposure'] ?? '';
  settings['whoami'] ||= settings['exposure'] === 'private-api' ? 'on' : 'off';
  problems.push(...contradictions(settings));
  if (problems.length > 0)
    throw new Error(`The parameters of stage ${stage} are wrong:\n  ${problems.join('\n  ')}`);
  return settings;
}

/** The names of parameters that still hold their placeholder, which `deploy` refuses. */
export const placeholdersIn = (/** @type {Readonly<Record<string, string>>} */ settings) =>
  Object.entries(placeholders).flatMap(([name, placeholder]) => {
    const matters = name !== 'vpc-endpoint-ids' || settings['exposure'] === 'private-api';
    return matters && (settings[name] ?? '').includes(placeholder) ? [name] : [];
  });

/** @param {string} path @returns {Record<string, string>} */
function readParameterFile(path) {
  if (!existsSync(path)) return {};
  /** @type {unknown} */
  const document = parse(readFileSync(path, 'utf8'));
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error(`${path} must be a mapping of parameter names to values.`);
  }
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, textOf(name, value)]));
}

/** @param {string} name @param {unknown} value @returns {string} */
function textOf(name, value) {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object') {
    if (name !== 'admins') throw new Error(`${name} must be a string, a number or a list.`);
    return JSON.stringify(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @param {readonly string[]} params @returns {Record<string, string>} */
function readParams(params) {
  return Object.fromEntries(
    params.map((param) => {
      const at = param.indexOf('=');
      if (at < 1) throw new Error(`--param ${param}: write it as name=value.`);
      return [param.slice(0, at), param.slice(at + 1).trim()];
    }),
  );
}

/** @param {string} name @param {string} value @param {Definition} definition @returns {string[]} */
function problemOf(name, value, { default: byDefault, oneOf, pattern, range, list, shape }) {
  const mayBeUnset = byDefault === '' || list === true || (oneOf ?? pattern) === undefined;
  if (value === '') return mayBeUnset ? [] : [`${name} must be ${shape}, not empty.`];
  const items = list ? value.split(',').map((item) => item.trim()) : [value];
  const fine = items.every(
    (item) =>
      (oneOf === undefined || oneOf.includes(item)) &&
      (pattern?.test(item) ?? true) &&
      (range === undefined || isWithin(range, item)),
  );
  return fine ? [] : [`${name} must be ${shape}, not ${JSON.stringify(value)}.`];
}

/** A value that is no number, such as `off`, is the pattern's to judge. @param {readonly [number, number]} range @param {string} item */
const isWithin = ([least, most], item) =>
  Number.isNaN(Number(item)) || (Number(item) >= least && Number(item) <= most);

/** @param {Readonly<Record<string, string>>} settings @returns {string[]} */
function contradictions(settings) {
  const problems = [];
  if (settings['admin-exposure'] === 'private-api' && settings['exposure'] !== 'private-api') {
    problems.push(
      'admin-exposure=private-api needs exposure=private-api: otherwise there is no private API.',
    );
  }
  if ((settings['domain-name'] === '') !== (settings['certificate-arn'] === '')) {
    problems.push('domain-name and certificate-arn belong together: set both or neither.');
  }
  if (settings['domain-name'] !== '' && settings['exposure'] !== 'private-api') {
    problems.push('domain-name needs exposure=private-api: a function URL cannot have a custom domain.');
  }
  if (settings['exposure'] === 'private-api' && settings['vpc-endpoint-ids'] === '') {
    problems.push(
      'vpc-endpoint-ids must name at least one endpoint: otherwise no caller can reach the private API.',
    );
  }
  if (Buffer.byteLength(settings['admins'] ?? '') > maxAdminsBytes) {
    problems.push(
      `admins has more than ${maxAdminsBytes} bytes, too many for the function's environment: map roles, not people.`,
    );
  }
  return problems;
}
