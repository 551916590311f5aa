/** Signature Version 4 for requests to the admin API. */
import type { Instant } from '../../lib/errors.ts';
import { signRequest } from '../../lib/net/sign.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import type { HttpCall } from '../http.ts';
import type { Signing } from './endpoint.ts';

/** The same call with `Authorization`, `X-Amz-Date` and, for temporary credentials, `X-Amz-Security-Token`. */
export function signCall(
  call: HttpCall,
  { service, region }: Signing,
  credentials: AwsCredentials,
  at: Instant,
): HttpCall {
  const { method, url, headers, body } = call;
  const signed = signRequest({
    service,
    region,
    method,
    host: url.host,
    path: url.pathname + url.search,
    headers,
    body,
    credentials,
    at,
  });
  const texts = Object.entries(signed).map(([name, value]) => [name, String(value)] as const);
  return { ...call, headers: Object.fromEntries(texts) };
}
