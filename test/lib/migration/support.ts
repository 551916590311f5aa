/** Builders that the tests of the imports share. */
import { importAuthenticator } from '../../../lib/migration/import-authenticator.ts';
import type { ImportedConfig } from '../../../lib/migration/import-authenticator.ts';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { Imported, ImportResult } from '../../../lib/migration/import-entries.ts';

export const scope = 'cluster/prod' as const;
export const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

function must<T>(result: ImportResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

export const awsAuth = (text: string): Imported => must(importAwsAuth(text, scope));
export const authenticator = (text: string): ImportedConfig => must(importAuthenticator(text, scope));

/** An aws-auth ConfigMap with these lines as its mapRoles. */
export const mapRoles = (lines: string): string =>
  `data:\n  mapRoles: |\n${lines.replaceAll(/^/gm, '    ')}\n`;
