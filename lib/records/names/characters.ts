/** Characters that let a name look like another one, each named by its code point: the character itself shows nothing. */

/** Refused in every name, also of a record that was stored before a rule. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Unicode's own list of what is shown as nothing, every space but the plain one, and two blanks that are no spaces. */
const misleading = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]|(?! )\p{Zs}/u;

const codePointOf = (character: string): string =>
  `U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}`;

/** Completes "<field> …"; `undefined`: there is no such character. */
export function unprintableIn(text: string): string | undefined {
  const found = unprintable.exec(text)?.[0];
  return found && `holds ${codePointOf(found)}, a control or invisible character: leave it out`;
}

/** Completes "<field> …" for what {@link unprintableIn} finds and what a reader mistakes for a space or for nothing. */
export function misleadingIn(text: string): string | undefined {
  const found = misleading.exec(text)?.[0];
  if (found !== undefined) {
    return (
      unprintableIn(found) ??
      `holds ${codePointOf(found)}, which looks like nothing or like a space: leave it out or use U+0020`
    );
  }
  return /^ | $/.test(text) ? 'begins or ends with a space (U+0020): leave it out' : undefined;
}
