/** A review of alice's token on cluster demo, as an event of a function URL. */
import { generateToken } from '../lib/token/generate.ts';

export const webhookToken = 'demo-webhook-token';

/** A token that is in no cache: each is signed by another key. */
export function freshToken(serial = 0, clusterId = 'demo'): string {
  const accessKeyId = `AKIABENCH${String(serial).padStart(11, '0')}`;
  const credentials = { accessKeyId, secretAccessKey: 'not-a-real-secret' };
  return generateToken({ clusterId, region: 'us-east-1', credentials, now: Date.now() }).token;
}

/** The body of a review. */
export const tokenReview = (token: string): string =>
  JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } });

export const reviewEvent = (token = freshToken(), clusterId = 'demo', bearer = webhookToken): object => ({
  version: '2.0',
  rawPath: `/v1/clusters/${clusterId}/tokenreviews`,
  rawQueryString: 'timeout=30s',
  headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
  body: tokenReview(token),
  isBase64Encoded: false,
  requestContext: { stage: '$default', http: { method: 'POST', sourceIp: '127.0.0.1' } },
});
