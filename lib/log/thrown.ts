/** What the log holds of an error: never its message, which can quote a secret. */

/** The class of what was thrown, and its first frames. */
export function describeThrown(error: unknown): { name: string; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { name: error.constructor.name, frames: frames.slice(0, 8).map((line) => line.trim()) };
}
