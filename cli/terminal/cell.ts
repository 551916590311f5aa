/** Values as text on one line, safe for a terminal. */
import { isJsonObject, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** Joins lists, shows nothing as `-`, and replaces control characters, so that a name cannot drive a terminal. */
export function cell(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cell).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/** A principal of a mapping or a denial: its ARN, permission set or account. */
export function principalText(principal: unknown): string {
  if (!isJsonObject(principal)) return cell(principal);
  const { arn, permissionSet, accountId } = principal;
  if (typeof arn === 'string') return cell(arn);
  if (isJsonObject(permissionSet)) {
    return cell(`permission set ${cell(permissionSet['name'])} in ${cell(permissionSet['accountId'])}`);
  }
  return `everybody in ${cell(accountId)}`;
}

/** The subject of a denial: its unique id, access key or principal. */
export const denialText = (denial: JsonObject): string =>
  textAt(denial, 'principalId') ?? textAt(denial, 'accessKeyId') ?? principalText(denial['principal']);
