/** Shorthand of the import tests. */
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { ImportResult, Imported } from '../../../lib/migration/import-entries.ts';

export const scope = 'cluster/prod' as const;
export const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

/** @throws Error if the file as a whole was refused */
export function imported(result: ImportResult): Imported {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

export const awsAuth = (text: string): Imported => imported(importAwsAuth(text, scope));

/** A ConfigMap with these lines as its `mapRoles`. */
export const mapRoles = (fields: string): string =>
  `data:\n  mapRoles: |\n${fields.replaceAll(/^/gm, '    ')}\n`;
