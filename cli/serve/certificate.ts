/** The certificate of `countersign serve`: files of the user, or a self-signed pair created at the first start. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { Instant } from '../../lib/errors.ts';
import { failure, wrongUsage } from '../exit.ts';
import { writeFile } from '../files.ts';

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  /** PEM, with its chain. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** Ten years, since it is never renewed: apiservers trust it as their authority, and would not trust a new one. */
const selfSignedDays = 3650;

/** @throws CliFailure (exit 2) if one of the two cannot be read */
export function readCertificate(files: CertificateFiles): Certificate {
  try {
    return { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  } catch (error) {
    throw wrongUsage(`${files.cert} and ${files.key} must be readable PEM files.`, error);
  }
}

/** A text that changes whenever one of the two files changes or disappears. */
export const stampOf = (files: CertificateFiles): string =>
  [files.cert, files.key].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ');

async function createSelfSigned(names: readonly string[], now: Instant): Promise<Certificate> {
  const pair = await generate([{ name: 'commonName', value: 'countersign' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 60_000),
    notAfterDate: new Date(now + selfSignedDays * 86_400_000),
    extensions: [
      // It is its own authority: apiservers get it as `certificate-authority-data`.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  });
  return { cert: pair.cert, key: pair.private };
}

/**
 * The pair in the folder, or a new one for these names if it is incomplete. If `isNew`, apiservers do not trust it yet.
 * @throws CliFailure if the folder or the files cannot be written
 */
export async function selfSigned(
  directory: string,
  names: readonly string[],
  now: Instant,
): Promise<{ readonly files: CertificateFiles; readonly isNew: boolean }> {
  const files = { cert: join(directory, 'tls.crt'), key: join(directory, 'tls.key') };
  if (existsSync(files.cert) && existsSync(files.key)) return { files, isNew: false };
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw failure(`${directory} cannot be created: give another folder with --state-dir.`, error);
  }
  const { cert, key } = await createSelfSigned(names, now);
  writeFile(files.key, key, 0o600);
  writeFile(files.cert, cert, 0o644);
  return { files, isNew: true };
}
