/**
 * What every client of HTTPS uses: the certificate is checked, whatever the environment. With `NODE_TLS_REJECT_UNAUTHORIZED=0`
 * Node.js believes any server to be AWS, unless a client demands the check itself. `NODE_EXTRA_CA_CERTS` adds an authority.
 */

/** Options of an agent of `node:https`. */
export const verifiedTls = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** The `requestHandler` of a client of the AWS SDK; the SDK's own defaults for the rest. */
export const verifiedRequestHandler = { httpsAgent: verifiedTls } as const;

/** Whether the environment switches the check off: for clients that are not created here, and so cannot be asked to check. */
export const isTlsUnverified = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
