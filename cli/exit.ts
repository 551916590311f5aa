/** How the process exits. 3 is for commands that answer a question: the answer is no. */
export const exitCodes = { done: 0, failed: 1, usage: 2, no: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that the user can act on: one sentence for stderr, and the exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}

/** The command was valid and could not be done: exit code 1. */
export const failure = (sentence: string, cause?: unknown): CliFailure =>
  new CliFailure(sentence, exitCodes.failed, { cause });

/** The command line or a file that it names is not valid: exit code 2. */
export const wrongUsage = (sentence: string, cause?: unknown): CliFailure =>
  new CliFailure(sentence, exitCodes.usage, { cause });

/** The exit code of a verdict: `unavailable` is a failure, everything but `verified` a no. */
export function exitCodeOf(outcome: string | undefined): ExitCode {
  if (outcome === 'verified') return exitCodes.done;
  return outcome === 'unavailable' ? exitCodes.failed : exitCodes.no;
}

/** The message of a thrown value, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
