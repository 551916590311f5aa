/**
 * The environment of the functions, read once per cold start into typed settings. Every problem is named at
 * once, in one error, so that a deployment is not repaired one setting at a time.
 */
import { partitionOfRegion } from './identity/partitions.ts';
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

/** What verifying a token needs. */
export interface VerifierConfig extends CommonConfig {
  /** An interface endpoint, `AWS_ENDPOINT_URL_STS`; default: every published host is reached by its own name. */
  readonly stsEndpoint: string | undefined;
  /** `COUNTERSIGN_EXTRA_STS_REGIONS`, comma-separated; default none. Each adds its regional hosts to the list. */
  readonly extraStsRegions: readonly string[];
  /** `COUNTERSIGN_EC2_READER_ROLE_ARN`: assumed to describe instances; default: the function's own role. */
  readonly ec2ReaderRoleArn: string | undefined;
}

export interface TokenReviewConfig extends VerifierConfig {
  /** Whose identities stay out of audit logs and of ours: `COUNTERSIGN_SCRUBBED_ACCOUNTS`, comma-separated account ids; default none. */
  readonly scrubbedAccounts: ReadonlySet<string>;
}

export type WhoamiConfig = TokenReviewConfig;

const tableName = /^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[A-Za-z0-9_.-]{3,255}$/;
const regionName = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const accountId = /^\d{12}$/;

/** Reads settings one by one, keeps what is wrong with them, and throws all of it at the end. */
export class SettingsReader {
  readonly #environment: Environment;
  readonly #problems: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A setting that must be there. `what` completes "must be …". `""` where it is wrong: {@link done} throws then. */
  required(name: string, pattern: RegExp, what: string): string {
    const value = this.#value(name);
    if (value === undefined) this.problem(`${name} is missing: it must be ${what}`);
    return value === undefined ? '' : this.#matching(name, value, pattern, what);
  }

  optional(name: string, pattern: RegExp, what: string): string | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : this.#matching(name, value, pattern, what);
  }

  /** Separated by commas, with or without spaces; each item must match. */
  list(name: string, pattern: RegExp, what: string): readonly string[] {
    const items = (this.#value(name) ?? '').split(',').map((item) => item.trim());
    return items.filter((item) => item !== '').map((item) => this.#matching(name, item, pattern, what));
  }

  choice<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.#value(name) ?? fallback;
    const known = choices.find((choice) => choice === value);
    if (known !== undefined) return known;
    this.problem(`${name} must be one of ${choices.join(', ')}`);
    return fallback;
  }

  /** An http(s) URL without credentials, query or fragment; plain http only to loopback. */
  endpoint(name: string): string | undefined {
    const value = this.#value(name);
    if (value !== undefined && !isEndpoint(value)) {
      this.problem(`${name} must be an https URL, or an http URL of this machine`);
    }
    return value;
  }

  problem(sentence: string): void {
    this.#problems.push(sentence);
  }

  /** @throws ConfigError where anything was missing or wrong */
  done(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }

  #value(name: string): string | undefined {
    const value = this.#environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  #matching(name: string, value: string, pattern: RegExp, what: string): string {
    if (!pattern.test(value)) this.problem(`${name} must be ${what}`);
    return value;
  }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
    `${username}${password}${search}${hash}` === ''
  );
}

/** The settings that all functions share; the caller goes on reading, and calls `done`. */
export const readCommonSettings = (settings: SettingsReader): CommonConfig => ({
  table: settings.required('COUNTERSIGN_TABLE', tableName, 'the name of a DynamoDB table'),
  region: settings.required('AWS_REGION', regionName, 'an AWS region such as eu-central-1'),
  dynamodbEndpoint: settings.endpoint('AWS_ENDPOINT_URL_DYNAMODB'),
  logLevel: settings.choice('COUNTERSIGN_LOG_LEVEL', logLevels, 'info'),
});

const readVerifierSettings = (settings: SettingsReader): VerifierConfig => ({
  ...readCommonSettings(settings),
  stsEndpoint: settings.endpoint('AWS_ENDPOINT_URL_STS'),
  extraStsRegions: readExtraRegions(settings),
  ec2ReaderRoleArn: settings.optional('COUNTERSIGN_EC2_READER_ROLE_ARN', roleArn, 'the ARN of an IAM role'),
});

function readExtraRegions(settings: SettingsReader): readonly string[] {
  const name = 'COUNTERSIGN_EXTRA_STS_REGIONS';
  const regions = settings.list(name, regionName, 'AWS regions separated by commas');
  for (const region of regions) {
    if (partitionOfRegion(region) === undefined) {
      settings.problem(`${name} names ${region}, which fits no partition of AWS`);
    }
  }
  return regions;
}

/** @throws ConfigError */
export function readTokenReviewConfig(environment: Environment): TokenReviewConfig {
  const settings = new SettingsReader(environment);
  const config = {
    ...readVerifierSettings(settings),
    scrubbedAccounts: new Set(
      settings.list('COUNTERSIGN_SCRUBBED_ACCOUNTS', accountId, 'account ids separated by commas'),
    ),
  };
  settings.done();
  return config;
}

/** The same settings: whoami decides as a review does, and logs as one. @throws ConfigError */
export const readWhoamiConfig = (environment: Environment): WhoamiConfig =>
  readTokenReviewConfig(environment);

/** @throws ConfigError */
export function readSyncConfig(environment: Environment): CommonConfig {
  const settings = new SettingsReader(environment);
  const config = readCommonSettings(settings);
  settings.done();
  return config;
}
