/** The environment of the admin function. */
import { SettingsReader, readCommonSettings } from '../config.ts';
import type { CommonConfig, Environment } from '../config.ts';
import { parseAdmins } from './change/admins.ts';
import type { Admins } from './change/admins.ts';

export interface AdminConfig extends CommonConfig {
  /** `COUNTERSIGN_ADMINS`; `undefined`: not set, and nobody may change anything. */
  readonly admins: Admins | undefined;
  /** `COUNTERSIGN_REVIEW_ENDPOINT`: told to callers. */
  readonly reviewEndpoint: string | undefined;
  /** `COUNTERSIGN_SYNC_FUNCTION`: the name or ARN of the function that runs the group sync; `undefined`: runs cannot be asked for. */
  readonly syncFunction: string | undefined;
}

const functionName = /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[\w-]{1,64}$/;

/** @throws ConfigError with every problem */
export function readAdminConfig(environment: Environment): AdminConfig {
  const settings = new SettingsReader(environment);
  const config = {
    ...readCommonSettings(settings),
    admins: readAdmins(settings, environment['COUNTERSIGN_ADMINS']?.trim()),
    reviewEndpoint: settings.endpoint('COUNTERSIGN_REVIEW_ENDPOINT'),
    syncFunction: settings.optional(
      'COUNTERSIGN_SYNC_FUNCTION',
      functionName,
      'the name of the function of the group sync',
    ),
  };
  settings.done();
  return config;
}

function readAdmins(settings: SettingsReader, text: string | undefined): Admins | undefined {
  if (text === undefined || text === '') return undefined;
  const parsed = parseAdmins(text);
  if (parsed.ok) return parsed.admins;
  for (const problem of parsed.problems) settings.problem(`COUNTERSIGN_ADMINS: ${problem}`);
  return undefined;
}
