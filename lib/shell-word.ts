/** Text inside single quotes of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const plain = /^[\w@%+=:,./-]+$/;

/**
 * A text as one word of a POSIX shell. Commands that we print are pasted: a folder with a space in it must not become two, nor the
 * name of a context a command.
 */
export const shellWord = (text: string): string => (plain.test(text) ? text : quoted(text));
