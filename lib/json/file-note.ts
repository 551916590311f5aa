/** A problem or a notice at a line of a file, and how it is shown. */

export interface FileNote {
  /** Counted from 1. */
  readonly line: number;
  /** Such as `mapRoles[3].groups`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
}

/** As editors and terminals link it: `file:line: message`. */
export const located = (file: string, line: number, message: string): string => `${file}:${line}: ${message}`;

/** `file:line: path: message` */
export const noteText = (file: string, { line, path, message }: FileNote): string =>
  located(file, line, path === '' ? message : `${path}: ${message}`);
