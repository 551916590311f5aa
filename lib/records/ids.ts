/** Ids of mappings and denials: base64url of what they are found by, so that an id needs no lookup. */
import { isScope } from './scope.ts';
import type { DenialRef, MappingRef, Owner, PrincipalKey } from './types.ts';

/** In no scope, key or session name. */
const separator = '\n';

const encode = (parts: readonly string[]): string => Buffer.from(parts.join(separator)).toString('base64url');

/** Strict: `Buffer` skips what is not base64url, so only text that encodes to itself is an id. */
function decode(id: string): readonly string[] | undefined {
  const parts = Buffer.from(id, 'base64url').toString().split(separator);
  return encode(parts) === id ? parts : undefined;
}

const isOwner = (text: string): text is Owner => text === 'manual' || text === 'group-sync';

/** Printable ASCII of a known kind, in lower case where case does not count. */
const isPrincipalKey = (text: string): text is PrincipalKey =>
  /^(?:arn:|permission-set\/|account\/)[!-@[-~]+$/.test(text);

const isDenialKey = (text: string): text is PrincipalKey =>
  isPrincipalKey(text) || /^(?:principal-id|access-key)\/[A-Z0-9]+$/.test(text);

/** The id under which the admin API knows a mapping. */
export const mappingId = ({ scope, principalKey, owner }: MappingRef): string =>
  encode([scope, principalKey, owner]);

/** The inverse of {@link mappingId}; `undefined` for any other text. */
export function parseMappingId(id: string): MappingRef | undefined {
  const [scope = '', principalKey = '', owner = '', ...rest] = decode(id) ?? [];
  const valid = rest.length === 0 && isScope(scope) && isPrincipalKey(principalKey) && isOwner(owner);
  return valid ? { scope, principalKey, owner } : undefined;
}

/** The id under which the admin API knows a denial. */
export const denialId = ({ principalKey, sessionName }: DenialRef): string =>
  encode(sessionName === undefined ? [principalKey] : [principalKey, sessionName]);

/** The inverse of {@link denialId}; `undefined` for any other text. */
export function parseDenialId(id: string): DenialRef | undefined {
  const [principalKey = '', sessionName, ...rest] = decode(id) ?? [];
  if (rest.length > 0 || !isDenialKey(principalKey)) return undefined;
  if (sessionName === undefined) return { principalKey };
  return /^[\w+=,.@-]+$/.test(sessionName) ? { principalKey, sessionName } : undefined;
}
