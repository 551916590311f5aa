/**
 * The query string of a presigned request, without `URLSearchParams`: that one never refuses anything, reads `A%63tion` as
 * `Action` and `+` as a space.
 */

/** What a value may hold besides escapes. Raw `+`, `;`, `#` and spaces are ambiguous: refused. */
const encodedValue = /^(?:[A-Za-z0-9._~/:=-]|%[0-9A-Fa-f]{2})*$/;
const escape = /%([0-9A-Fa-f]{2})/g;

/** Decodes the escapes, once. `undefined`: raw characters or escapes that no client writes. */
export function decodeValue(text: string): string | undefined {
  if (!encodedValue.test(text)) return undefined;
  return text.replace(escape, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Splits at the first `=`: base64 padding may follow. `undefined`: there is no `=`. */
export function splitPair(pair: string): { readonly name: string; readonly value: string } | undefined {
  const at = pair.indexOf('=');
  return at === -1 ? undefined : { name: pair.slice(0, at), value: pair.slice(at + 1) };
}

/** What `encodeURIComponent` leaves as it is, and SigV4 escapes. */
const leftOver = /[!'()*]/g;
const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** All but the unreserved characters escaped, in upper-case hexadecimal. The text is ASCII. */
export const encodeValue = (text: string): string => encodeURIComponent(text).replace(leftOver, percent);

/** The canonical query string of SigV4: sorted by name, and every name and value by {@link encodeValue}. */
export function canonicalQuery(parameters: Iterable<readonly [name: string, value: string]>): string {
  return [...parameters]
    .map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`)
    .toSorted()
    .join('&');
}
