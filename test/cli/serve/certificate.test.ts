/** The certificate of `countersign serve`. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCertificate, selfSigned, stampOf } from '../../../cli/serve/certificate.ts';
import { scratchFolder } from '../../fixtures/scratch.ts';

const now = Date.UTC(2026, 0, 2);

test('a self-signed pair is an authority for its names and addresses, and is valid for ten years', async () => {
  const { files, isNew } = await selfSigned(join(scratchFolder(), 'state'), ['localhost', '127.0.0.1'], now);
  expect(isNew).toBe(true);
  const { cert, key } = readCertificate(files);
  const certificate = new X509Certificate(cert);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(true);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkHost('example.com')).toBeUndefined();
  expect((Date.parse(certificate.validTo) - now) / 86_400_000).toBeCloseTo(3650, 1);
});

test('a self-signed pair is kept by later starts, and replaced if one of its files is missing', async () => {
  const folder = scratchFolder();
  const { files } = await selfSigned(folder, ['localhost'], now);
  const first = readFileSync(files.cert, 'utf8');
  expect(await selfSigned(folder, ['other'], now)).toEqual({ files, isNew: false });
  expect(readFileSync(files.cert, 'utf8')).toBe(first);
  rmSync(files.key);
  expect((await selfSigned(folder, ['localhost'], now)).isNew).toBe(true);
  expect(readFileSync(files.cert, 'utf8')).not.toBe(first);
});

test.skipIf(process.platform === 'win32')(
  'the key of a self-signed pair can be read by its owner only',
  async () => {
    const { files } = await selfSigned(scratchFolder(), ['localhost'], now);
    expect([files.key, files.cert].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o644]);
  },
);

test('a state folder that cannot be created is named in the error message', async () => {
  const file = join(scratchFolder(), 'file');
  writeFileSync(file, '');
  await expect(selfSigned(join(file, 'state'), ['localhost'], now)).rejects.toThrow(
    /state cannot be created: give another folder with --state-dir/,
  );
});

test('the stamp of a pair changes if one of its files changes or disappears', async () => {
  const { files } = await selfSigned(scratchFolder(), ['localhost'], now);
  const first = stampOf(files);
  utimesSync(files.cert, 1, 1);
  const second = stampOf(files);
  rmSync(files.key);
  expect(new Set([first, second, stampOf(files)]).size).toBe(3);
});

test('a pair of which one file is missing is wrong usage', async () => {
  const { files } = await selfSigned(scratchFolder(), ['localhost'], now);
  rmSync(files.key);
  expect(() => readCertificate(files)).toThrow(/must be readable PEM files/);
});
