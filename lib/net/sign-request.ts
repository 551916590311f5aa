/** Signature Version 4 for DynamoDB's JSON protocol, and the credentials that it takes. */
import type { OutgoingHttpHeaders } from 'node:http';
import aws4 from 'aws4';
import type { Instant } from '../errors.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The credentials that Lambda puts into a function's environment.
 * @throws Error where they are not there: it names the variables, never their values
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
  readonly endpoint: URL;
  readonly region: string;
  /** `Query`, `BatchGetItem`. */
  readonly operation: string;
  readonly body: string;
  readonly credentials: AwsCredentials;
  readonly at: Instant;
}

/** The headers of the signed request, `Authorization` among them. */
export function signRequest(request: RequestToSign): OutgoingHttpHeaders {
  const { accessKeyId, secretAccessKey, sessionToken } = request.credentials;
  const signed = aws4.sign(
    {
      service: 'dynamodb',
      region: request.region,
      method: 'POST',
      path: '/',
      body: request.body,
      headers: {
        Host: request.endpoint.host,
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${request.operation}`,
        'X-Amz-Date': new Date(request.at).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
      },
    },
    sessionToken === undefined
      ? { accessKeyId, secretAccessKey }
      : { accessKeyId, secretAccessKey, sessionToken },
  );
  return signed.headers ?? {};
}
