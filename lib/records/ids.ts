/** Ids of records whose key has several parts: base64url of the parts, so that an id needs no lookup. */

/** In no scope, key or session name. */
const separator = '\n';

export const encodeId = (parts: readonly string[]): string =>
  Buffer.from(parts.join(separator)).toString('base64url');

/** Strict: `Buffer` skips what is not base64url, so only text that encodes to itself is an id. */
export function decodeId(id: string): readonly string[] | undefined {
  const parts = Buffer.from(id, 'base64url').toString().split(separator);
  return encodeId(parts) === id ? parts : undefined;
}
