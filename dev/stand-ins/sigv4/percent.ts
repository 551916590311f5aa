/** Percent-encoding of Signature Version 4, over text with one character per byte. */

/** Everything but letters, digits and `- . _ ~` is encoded, in upper-case hex. */
export const encode = (bytes: string): string => bytes.replace(/[^A-Za-z0-9._~-]/g, encodeByte);

/** Like {@link encode}, but keeps the slashes. */
export const encodePath = (bytes: string): string => bytes.replace(/[^A-Za-z0-9._~/-]/g, encodeByte);

/** A percent sign that begins no escape is kept. */
export const decode = (bytes: string): string =>
  bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const encodeByte = (byte: string): string =>
  `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
