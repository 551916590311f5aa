const plain = /^[\w@%+=:,./-]+$/;

/**
 * A text as one word of a POSIX shell. Commands that we print are pasted: a folder with a space in it must not become two, nor the
 * name of a context a command.
 */
export const shellWord = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
