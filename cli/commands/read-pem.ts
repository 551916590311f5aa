import { readFileSync } from 'node:fs';
import { wrongUsage } from '../exit.ts';

/** The text of a PEM file. @throws CliFailure (exit 2) if it cannot be read or holds no certificate */
export function readPem(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    throw wrongUsage(`${file} cannot be read.`, error);
  }
  throw wrongUsage(`${file} holds no PEM certificate.`);
}
