import { decode } from './percent.ts';

/** Decoded names and values, one character per byte, in the order of the request. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

export const pathOf = (target: string): string => target.split('?', 1)[0] ?? '';

/** The pairs of a target's query. Empty pieces between two ampersands are skipped. */
export function queryPairs(target: string): QueryPairs {
  const mark = target.indexOf('?');
  if (mark === -1) return [];
  return splitPairs(target.slice(mark + 1)).map(([name, value]) => [decode(name), decode(value)] as const);
}

/** The pairs of an `application/x-www-form-urlencoded` body, as UTF-8 text; a plus is a space. */
export function formPairs(body: Uint8Array): QueryPairs {
  const text = (piece: string): string =>
    Buffer.from(decode(piece.replaceAll('+', ' ')), 'latin1').toString('utf8');
  return splitPairs(Buffer.from(body).toString('latin1')).map(
    ([name, value]) => [text(name), text(value)] as const,
  );
}

function splitPairs(text: string): QueryPairs {
  return text
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=');
      return equals === -1 ? [piece, ''] : [piece.slice(0, equals), piece.slice(equals + 1)];
    });
}
