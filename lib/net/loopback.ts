/**
 * The loopback test. It decides which hosts may receive plain HTTP and unsigned requests, and which `Host` a local server
 * accepts: no other name is loopback, whatever it resolves to.
 */

/** 0 to 255 without leading zeros, which some parsers read as octal. */
const part = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const loopback = new RegExp(String.raw`^(?:localhost|127(?:\.${part}){3}|\[::1\])$`);

/**
 * Whether a host name, as `URL.hostname` writes it (lower case, IPv6 in brackets, no port), is `localhost`, an IPv4 address of
 * 127.0.0.0/8, or `[::1]`.
 */
export const isLoopback = (hostname: string): boolean => loopback.test(hostname);

/** The same for a `Host` header: in any case, with or without a port. */
export const isLoopbackHost = (host: string): boolean =>
  isLoopback(host.toLowerCase().replace(/:\d{1,5}$/, ''));
