/** What a search for AWS credentials needs, and what it finds. */
import type { Instant } from '../../lib/errors.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface FoundCredentials extends AwsCredentials {
  /** When they expire, if that is known. */
  readonly expiresAt?: Instant;
  /** The place they were found in, for messages: "the environment", "profile dev". */
  readonly source: string;
}

export interface CredentialSearch {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Pick<Terminal, 'ask'>;
  readonly region: string | undefined;
}

/** Asks on stderr, since kubectl reads stdout. */
export const askMfa = (terminal: Pick<Terminal, 'ask'>, serial: string): Promise<string> =>
  terminal.ask(`MFA code for ${serial}: `);
