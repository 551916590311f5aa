/** How the process ends. 3 is for commands that answer a question: it was decided, and the answer is no. */
export const exitCodes = { done: 0, failed: 1, usage: 2, no: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end that the user can act on: one sentence for stderr, and the exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}

/** It was asked rightly and could not be done: exit code 1. */
export const failure = (sentence: string, cause?: unknown): CliFailure =>
  new CliFailure(sentence, exitCodes.failed, { cause });

/** It was asked wrongly: exit code 2. */
export const wrongUsage = (sentence: string, cause?: unknown): CliFailure =>
  new CliFailure(sentence, exitCodes.usage, { cause });

/** The message of whatever was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
