/**
 * Keeps the accounts of COUNTERSIGN_SCRUBBED_ACCOUNTS out of the logs: a decision leaves out its caller, and the writer of lines
 * leaves out each text that mentions such an account.
 */
import { parsePrincipalArn } from '../identity/arn.ts';
import type { ReportedIdentity } from '../identity/caller-identity.ts';
import { isRecord } from '../json/record.ts';

type Write = (line: string) => void;

/** Chosen by admins, or by us: names of what a line is about, without which its metrics would be lost. No caller is in them. */
const kept = new Set(['Function', 'Code', 'Cluster', 'cluster', 'Binding', 'decisionId', 'runId', '_aws']);

/**
 * Writes lines of JSON without the texts that mention a scrubbed account, openly or inside base64url, as ids of mappings do. A
 * line that lost something has `scrubbed: true`.
 */
export function scrubbingWriter(accounts: ReadonlySet<string>, write: Write): Write {
  if (accounts.size === 0) return write;
  return (line) => {
    if (!mentions(line, accounts)) {
      write(line);
      return;
    }
    const event: unknown = JSON.parse(line);
    write(`${JSON.stringify(isRecord(event) ? { ...scrubbed(event, accounts), scrubbed: true } : {})}\n`);
  };
}

/** What a caller can put an account's digits into, by the name of a session or of a federated user. */
const chosenByCaller = new Set(['canonicalArn', 'principalId', 'sessionName', 'username', 'groups']);

function scrubbed(event: Readonly<Record<string, unknown>>, accounts: ReadonlySet<string>): object {
  const caller = callerAccount(event);
  const mayMask = caller !== undefined && !accounts.has(caller);
  return Object.fromEntries(
    Object.entries(event).flatMap(([name, value]): [string, unknown][] => {
      const isClean = (text: unknown): boolean => !mentions(`${name} ${JSON.stringify(text)}`, accounts);
      if (kept.has(name) || isClean(value)) return [[name, value]];
      // A caller of another account must not be able to keep its own name out of the log.
      const masked = mayMask && chosenByCaller.has(name) ? withoutDigits(value, accounts) : undefined;
      return masked !== undefined && isClean(masked) ? [[name, masked]] : [];
    }),
  );
}

/** The account of the caller that a decision is about. */
const callerAccount = ({ canonicalArn }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof canonicalArn === 'string' ? parsePrincipalArn(canonicalArn)?.accountId : undefined;

function withoutDigits(value: unknown, accounts: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutDigits(item, accounts));
  if (typeof value !== 'string') return undefined;
  return [...accounts].reduce((text, account) => text.replaceAll(account, '<scrubbed>'), value);
}

function mentions(text: string, accounts: ReadonlySet<string>): boolean {
  const texts = [text, ...(text.match(/[\w-]{16,}/g) ?? []).flatMap(decodings)];
  return texts.some((one) => [...accounts].some((account) => one.includes(account)));
}

/** Of base64url that begins within the first four characters of a word. */
const decodings = (word: string): readonly string[] =>
  [0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64url').toString('latin1'));

/** What the log may hold of the user of a scrubbed caller: names that show nothing of the caller, such as those of a role's mapping. */
export function namesWithoutCaller(identity: ReportedIdentity, names: readonly string[]): readonly string[] {
  const traits = traitsOf(identity).map((trait) => trait.toLowerCase());
  return names.filter((name) => !traits.some((trait) => name.toLowerCase().includes(trait)));
}

/** What a template of a name can show, see `lib/records/template.ts`. */
function traitsOf({
  accountId,
  principal,
  principalId,
  sessionName,
  accessKeyId,
}: ReportedIdentity): readonly string[] {
  const session = sessionName === undefined ? [] : [sessionName, sessionName.replaceAll('@', '-')];
  return [accountId, principalId, accessKeyId, ...session, ...nameOf(principal)];
}

function nameOf(principal: ReportedIdentity['principal']): readonly string[] {
  switch (principal.kind) {
    case 'role':
      return [principal.roleName];
    case 'user':
      return [principal.userName];
    case 'federated-user':
      return [principal.name];
    case 'root':
      return [];
  }
}
