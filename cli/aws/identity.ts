/** Whose credentials are, as values that a cached token can be kept under: no secret is among them. */
import { createHash } from 'node:crypto';
import type { AwsCredentials } from '../../lib/net/sign.ts';

/** Values that differ if the credentials may be another identity's. Secrets are there as SHA-256 only. */
export interface Identity {
  readonly [name: string]: string | undefined | Identity;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The identity of keys that are known: another secret or session token under the same access key id is another one. */
export const identityOfKeys = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): Identity => ({
  accessKeyId,
  secret: sha256(JSON.stringify([secretAccessKey, sessionToken ?? null])),
});
