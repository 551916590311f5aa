/**
 * The environment of the functions, parsed once per cold start into typed settings. One error names every problem, so that a
 * deployment is not fixed one setting at a time.
 */
import * as v from 'valibot';
import { partitionOfRegion, regionalStsHost } from './identity/partitions.ts';
import { isLoopback } from './net/loopback.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the environment: one sentence per setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Countersign cannot start: ${problems.join('; ')}.`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What every function needs. */
export interface CommonConfig {
  /** Name of the DynamoDB table: `COUNTERSIGN_TABLE`. */
  readonly table: string;
  /** `AWS_REGION`; set by Lambda. */
  readonly region: string;
  /** `AWS_ENDPOINT_URL_DYNAMODB`; default: the region's public endpoint. */
  readonly dynamodbEndpoint: string | undefined;
  /** `COUNTERSIGN_LOG_LEVEL`; default `info`. */
  readonly logLevel: LogLevel;
}

export interface StsEndpoint {
  /** `AWS_ENDPOINT_URL_STS`. */
  readonly url: string;
  /** The only host whose tokens it can verify: the regional one of `AWS_REGION`. */
  readonly host: string;
}

/** What verifying a token needs. */
export interface VerifierConfig extends CommonConfig {
  /** An interface endpoint; default: every published host is reached by its own name. */
  readonly stsEndpoint: StsEndpoint | undefined;
  /** `COUNTERSIGN_EXTRA_STS_REGIONS`, comma-separated; default none. Each adds its regional hosts to the list. */
  readonly extraStsRegions: readonly string[];
  /** `COUNTERSIGN_EC2_READER_ROLE_ARN`: assumed to describe instances; default: the function's own role. */
  readonly ec2ReaderRoleArn: string | undefined;
}

/** What every function that writes a log needs. */
export interface LoggedConfig extends CommonConfig {
  /** Accounts whose identities are in no log, neither Kubernetes' audit log nor Countersign's: `COUNTERSIGN_SCRUBBED_ACCOUNTS`, comma-separated account ids; default none. */
  readonly scrubbedAccounts: ReadonlySet<string>;
}

export interface TokenReviewConfig extends VerifierConfig, LoggedConfig {}

export type WhoamiConfig = TokenReviewConfig;

const tableName = /^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[A-Za-z0-9_.-]{3,255}$/;
const regionName = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const accountId = /^\d{12}$/;

const matching = (pattern: RegExp, what: string) => v.pipe(v.string(), v.regex(pattern, ` must be ${what}`));

const required = (pattern: RegExp, what: string) =>
  v.pipe(v.string(` is missing: it must be ${what}`), v.regex(pattern, ` must be ${what}`));

/** @param what completes "must be …" */
export const optional = (pattern: RegExp, what: string) => v.optional(matching(pattern, what));

/** An http(s) URL without credentials, query or fragment; plain http only to loopback. */
export const endpoint = v.optional(
  v.pipe(v.string(), v.check(isEndpoint, ' must be an https URL, or an http URL of this machine')),
);

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
    `${username}${password}${search}${hash}` === ''
  );
}

/** Separated by commas, with or without blanks; each item must match. */
const list = (item: v.GenericSchema<string>) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => text.split(',').flatMap((part) => part.trim() || [])),
    v.array(item),
  );

const extraRegion = v.pipe(
  matching(regionName, 'AWS regions separated by commas'),
  v.check(
    (region) => partitionOfRegion(region) !== undefined,
    ({ input }) => ` names ${input}, which fits no partition of AWS`,
  ),
);

/** By the names of the environment. A message is what follows the name. */
export const commonSettings = {
  COUNTERSIGN_TABLE: required(tableName, 'the name of a DynamoDB table'),
  AWS_REGION: required(regionName, 'an AWS region such as eu-central-1'),
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  COUNTERSIGN_SCRUBBED_ACCOUNTS: list(matching(accountId, 'account ids separated by commas')),
  COUNTERSIGN_LOG_LEVEL: v.optional(v.picklist(logLevels, ` must be one of ${logLevels.join(', ')}`), 'info'),
};

const reviewSettings = {
  ...commonSettings,
  AWS_ENDPOINT_URL_STS: endpoint,
  COUNTERSIGN_EXTRA_STS_REGIONS: list(extraRegion),
  COUNTERSIGN_EC2_READER_ROLE_ARN: optional(roleArn, 'the ARN of an IAM role'),
};

type Settings<Entries extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<Entries, undefined>>;

/**
 * The settings by their names; an empty or blank one counts as missing.
 * @throws ConfigError that names every problem
 */
export function parseEnvironment<const Entries extends v.ObjectEntries>(
  environment: Environment,
  settings: Entries,
): Settings<Entries> {
  const given = Object.keys(settings).map((name) => [name, environment[name]?.trim() || undefined]);
  const parsed = v.safeParse(v.object(settings), Object.fromEntries(given));
  if (parsed.success) return parsed.output;
  throw new ConfigError(parsed.issues.map(({ path, message }) => `${String(path?.[0].key)}${message}`));
}

export const commonConfig = (settings: Settings<typeof commonSettings>): LoggedConfig => ({
  table: settings.COUNTERSIGN_TABLE,
  region: settings.AWS_REGION,
  dynamodbEndpoint: settings.AWS_ENDPOINT_URL_DYNAMODB,
  logLevel: settings.COUNTERSIGN_LOG_LEVEL,
  scrubbedAccounts: new Set(settings.COUNTERSIGN_SCRUBBED_ACCOUNTS),
});

/** @throws ConfigError if the region fits no partition: the endpoint would verify no token. */
function stsEndpointOf({
  AWS_ENDPOINT_URL_STS: url,
  AWS_REGION: region,
}: Settings<typeof reviewSettings>): StsEndpoint | undefined {
  if (url === undefined) return undefined;
  const host = regionalStsHost(region);
  if (host !== undefined) return { url, host };
  throw new ConfigError([
    `AWS_REGION is ${region}, which fits no partition of AWS: correct it, or unset AWS_ENDPOINT_URL_STS`,
  ]);
}

/** @throws ConfigError */
export function readTokenReviewConfig(environment: Environment): TokenReviewConfig {
  const settings = parseEnvironment(environment, reviewSettings);
  return {
    ...commonConfig(settings),
    stsEndpoint: stsEndpointOf(settings),
    extraStsRegions: settings.COUNTERSIGN_EXTRA_STS_REGIONS,
    ec2ReaderRoleArn: settings.COUNTERSIGN_EC2_READER_ROLE_ARN,
  };
}

/** The same settings: whoami decides as a review does, and logs as one. @throws ConfigError */
export const readWhoamiConfig = (environment: Environment): WhoamiConfig =>
  readTokenReviewConfig(environment);

/** @throws ConfigError */
export const readSyncConfig = (environment: Environment): LoggedConfig =>
  commonConfig(parseEnvironment(environment, commonSettings));
