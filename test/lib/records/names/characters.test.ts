import { expect, test } from 'vitest';
import { misleadingIn, unprintableIn } from '../../../../lib/records/names/characters.ts';

const hidden = [0x0, 0x9, 0xa, 0x7f, 0xad, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xe000];
const blank = [
  0xa0, 0x1680, 0x2000, 0x2003, 0x202f, 0x3000, 0x3164, 0x115f, 0x1160, 0xffa0, 0x2800, 0xfe0f, 0x34f, 0x180b,
  0x17b4, 0xe0100, 0x1d159,
];
const codePoint = (value: number): string => `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;

test.each(hidden)(
  'a name with the code point %i is refused when it is written and when it is rendered',
  (value) => {
    const text = `a${String.fromCodePoint(value)}b`;
    expect(unprintableIn(text)).toContain(codePoint(value));
    expect(misleadingIn(text)).toBe(unprintableIn(text));
  },
);

test.each(blank)(
  'a name with the code point %i, which looks like nothing or a space, is refused',
  (value) => {
    const text = `a${String.fromCodePoint(value)}b`;
    expect(unprintableIn(text)).toBeUndefined();
    expect(misleadingIn(text)).toContain(codePoint(value));
  },
);

test.each(['alice', 'a b', 'Zoë', '管理者', 'ali_ce+x=1,2.3@example.com-4', ''])(
  'a name with nothing that misleads is accepted: %s',
  (text) => {
    expect(misleadingIn(text)).toBeUndefined();
  },
);

test.each([' a', 'a ', ' '])('a name with a space at one end is refused: %j', (text) => {
  expect(misleadingIn(text)).toBe('begins or ends with a space (U+0020): leave it out');
});
