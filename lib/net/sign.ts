/** AWS Signature Version 4 by `aws4`, for DynamoDB and for the admin API, and the credentials that it needs. */
import type { OutgoingHttpHeaders } from 'node:http';
import aws4 from 'aws4';
import type { Instant } from '../errors.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials have one. */
  readonly sessionToken?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The credentials that Lambda puts into a function's environment.
 * @throws Error if they are missing: it names the variables, never their values
 */
export function environmentCredentials(environment: Environment): () => Promise<AwsCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    const { AWS_SESSION_TOKEN: sessionToken } = environment;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set.');
    }
    return { accessKeyId, secretAccessKey, sessionToken };
  };
}

export interface RequestToSign {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  /** Host, and port if it is not the scheme's own. */
  readonly host: string;
  /** Path and query, as they are sent. */
  readonly path: string;
  /** All of them are signed. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
  readonly credentials: AwsCredentials;
  /** The time of the signature; AWS accepts it for 5 minutes. */
  readonly at: Instant;
}

/** The headers of the signed request: those of the request, `Host`, `X-Amz-Date`, `Authorization`, and what `aws4` adds. */
export function signRequest(request: RequestToSign): OutgoingHttpHeaders {
  const { service, region, method, host, path, headers, body, at } = request;
  const { accessKeyId, secretAccessKey, sessionToken } = request.credentials;
  const date = new Date(at).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
  const signed = aws4.sign(
    {
      service,
      region,
      method,
      path,
      headers: { ...headers, Host: host, 'X-Amz-Date': date },
      ...(body === undefined ? {} : { body }),
    },
    sessionToken === undefined
      ? { accessKeyId, secretAccessKey }
      : { accessKeyId, secretAccessKey, sessionToken },
  );
  return signed.headers ?? {};
}
