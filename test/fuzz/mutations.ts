/** Small damage to text, as data: fast-check makes it, shrinks it and prints it. */
import * as fc from 'fast-check';

const kinds = ['flip', 'delete', 'insert', 'repeat', 'cut', 'swap'] as const;

export interface Mutation {
  readonly kind: (typeof kinds)[number];
  /** Positions, taken modulo the length of what is there. */
  readonly at: number;
  readonly to: number;
  readonly text: string;
}

export const mutations = (snippets: readonly string[], maxLength = 3): fc.Arbitrary<Mutation[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      at: fc.nat({ max: 100_000 }),
      to: fc.nat({ max: 100_000 }),
      text: fc.constantFrom(...snippets),
    }),
    { minLength: 1, maxLength },
  );

type Edit = (text: string, places: { start: number; end: number; size: number; snippet: string }) => string;

const edits: Record<Mutation['kind'], Edit> = {
  flip: (text, { start, size }) =>
    text.slice(0, start) +
    String.fromCharCode((text.charCodeAt(start) || 0) ^ (1 << (size % 7))) +
    text.slice(start + 1),
  delete: (text, { start, size }) => text.slice(0, start) + text.slice(start + 1 + (size % 8)),
  insert: (text, { start, snippet }) => text.slice(0, start) + snippet + text.slice(start),
  repeat: (text, { start, end }) => text.slice(0, end) + text.slice(start),
  cut: (text, { start }) => text.slice(0, start),
  swap: (text, { start, end }) => text.slice(end) + text.slice(start, end) + text.slice(0, start),
};

export function mutate(text: string, { kind, at, to, text: snippet }: Mutation): string {
  const length = Math.max(text.length, 1);
  const one = at % length;
  const other = to % length;
  return edits[kind](text, { start: Math.min(one, other), end: Math.max(one, other), size: to, snippet });
}
