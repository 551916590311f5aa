/** Signature Version 4 for the admin API, by `aws4`. */
import aws4 from 'aws4';
import type { Credentials } from '../aws/credentials.ts';
import type { HttpCall } from '../http.ts';
import type { Signing } from './endpoint.ts';

/** The same call with `Authorization`, `X-Amz-Date` and, for credentials that have one, `X-Amz-Security-Token`. */
export function signCall(call: HttpCall, { service, region }: Signing, credentials: Credentials): HttpCall {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const request = aws4.sign(
    {
      host: call.url.host,
      path: call.url.pathname + call.url.search,
      method: call.method,
      headers: { ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      service,
      region,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return { ...call, headers: Object.fromEntries(headers) };
}
