/** The environment of the admin function. */
import * as v from 'valibot';
import { commonConfig, commonSettings, endpoint, optional, parseEnvironment } from '../config.ts';
import type { Environment, LoggedConfig } from '../config.ts';
import { parseAdmins } from './change/admins.ts';
import type { Admins } from './change/admins.ts';

export interface AdminConfig extends LoggedConfig {
  /** `COUNTERSIGN_ADMINS`; `undefined`: not set, and no caller has a role. */
  readonly admins: Admins | undefined;
  /** `COUNTERSIGN_REVIEW_ENDPOINT`: reported to callers. */
  readonly reviewEndpoint: string | undefined;
  /** `COUNTERSIGN_SYNC_FUNCTION`: the name or ARN of the function that runs the group sync; `undefined`: runs cannot be requested. */
  readonly syncFunction: string | undefined;
}

const functionName = /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[\w-]{1,64}$/;

const adminSettings = {
  ...commonSettings,
  COUNTERSIGN_ADMINS: v.optional(
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }): Admins => {
        const parsed = parseAdmins(dataset.value);
        if (parsed.ok) return parsed.value;
        for (const problem of parsed.failure) addIssue({ message: `: ${problem}` });
        return NEVER;
      }),
    ),
  ),
  COUNTERSIGN_REVIEW_ENDPOINT: endpoint,
  COUNTERSIGN_SYNC_FUNCTION: optional(functionName, 'the name of the function of the group sync'),
};

/** @throws ConfigError that names every problem */
export function readAdminConfig(environment: Environment): AdminConfig {
  const settings = parseEnvironment(environment, adminSettings);
  return {
    ...commonConfig(settings),
    admins: settings.COUNTERSIGN_ADMINS,
    reviewEndpoint: settings.COUNTERSIGN_REVIEW_ENDPOINT,
    syncFunction: settings.COUNTERSIGN_SYNC_FUNCTION,
  };
}
