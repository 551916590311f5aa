/**
 * Temporary credentials of the stand-in for STS. Nothing is stored: the session token carries the session under a MAC,
 * so that sessions survive a restart of `countersign dev`. The MAC key is as little a secret as the keys of a fixture: it
 * detects a changed token, not a forger on the same machine.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Role } from '../service/accounts.ts';

const macKey = 'countersign dev: session tokens';
const macBytes = 32;

const payloadSchema = v.strictObject({
  accessKeyId: v.string(),
  roleArn: v.string(),
  roleId: v.string(),
  sessionName: v.string(),
  expiresAt: v.number(),
  padding: v.string(),
});

export interface Session {
  readonly roleArn: string;
  readonly roleId: string;
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly secretAccessKey: string;
}

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Creates an `ASIA…` key, its secret and its session token. */
export function issueSession(role: Role, sessionName: string, expiresAt: number): TemporaryCredentials {
  const accessKeyId = `ASIA${base32(randomBytes(16))}`;
  const payload = { accessKeyId, roleArn: role.arn, roleId: role.id, sessionName, expiresAt };
  const bare = seal({ ...payload, padding: '' });
  // Base64 carries three bytes in four characters.
  const missing = Math.max(0, Math.floor((((role.sessionTokenBytes ?? 0) - bare.length) * 3) / 4));
  const sessionToken = missing === 0 ? bare : seal({ ...payload, padding: 'x'.repeat(missing) });
  return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken };
}

/** Returns the session of a session token; `undefined` if this stand-in did not issue it, or issued it for another key. */
export function readSession(sessionToken: string, accessKeyId: string): Session | undefined {
  const bytes = Buffer.from(sessionToken, 'base64');
  if (bytes.length <= macBytes || bytes.toString('base64') !== sessionToken) return undefined;
  const body = bytes.subarray(macBytes);
  if (!timingSafeEqual(bytes.subarray(0, macBytes), macOf(body))) return undefined;
  const { roleArn, roleId, sessionName, expiresAt, ...rest } = v.parse(
    payloadSchema,
    JSON.parse(body.toString('utf8')),
  );
  if (rest.accessKeyId !== accessKeyId) return undefined;
  return { roleArn, roleId, sessionName, expiresAt, secretAccessKey: secretOf(accessKeyId) };
}

function seal(payload: v.InferOutput<typeof payloadSchema>): string {
  const body = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([macOf(body), body]).toString('base64');
}

const macOf = (body: Uint8Array): Buffer => createHmac('sha256', macKey).update(body).digest();

/** Forty characters, like those of AWS. */
const secretOf = (accessKeyId: string): string =>
  createHmac('sha256', macKey).update(`secret of ${accessKeyId}`).digest('base64').slice(0, 40);

const base32 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte & 31]).join('');
