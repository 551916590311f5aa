/**
 * The one rule for URLs that tokens, signatures or keys are sent to: no other party may read them. It holds for options,
 * environment variables and what the admin API reports.
 */
import { isLoopbackHost } from '../lib/net/loopback.ts';
import { wrongUsage } from './exit.ts';

/** No spaces, control characters and backslashes: other programs that read the URL would repair them in their own way. */
const plain = /^https?:\/\/[!-[\]-~]+$/i;

/** As it is written: other programs look up `127.1` and `0x7f.1`, which `URL` reads as 127.0.0.1, by DNS. */
const writtenHost = (text: string): string => /^http:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';

/** Completes "https://…, which …"; `undefined` if the URL is fine. */
function flawOf(text: string): string | undefined {
  if (!plain.test(text) || !URL.canParse(text)) return 'is not the URL of a server';
  const { protocol } = new URL(text);
  if (protocol !== 'https:' && !isLoopbackHost(writtenHost(text))) {
    return 'would be sent tokens that others can read';
  }
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return 'has a user name';
  if (text.includes('#')) return 'has a fragment';
  return text.includes('?') ? 'has a query' : undefined;
}

/** Without what may be a secret, and on one line. */
function shown(text: string): string {
  const bare = text.replace(/\/\/[^/?#]*@/, '//…@').replace(/[?#].*$/s, (rest) => `${rest[0] ?? ''}…`);
  return /^[\P{Cc}]+$/u.test(bare) ? bare : JSON.stringify(bare);
}

/**
 * An https URL, or http on loopback, without user name, query and fragment.
 * @param name of the option or variable that holds it
 * @throws CliFailure (exit 2) that names it, the value and the rule
 */
export function parseSecureUrl(text: string, name: string): URL {
  const flaw = flawOf(text);
  if (flaw === undefined) return new URL(text);
  throw wrongUsage(
    `${name} is ${shown(text)}, which ${flaw}: it must be an https URL, or an http URL on loopback, without user name, query and fragment.`,
  );
}
