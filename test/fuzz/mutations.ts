/** Small damage to text, as data: fast-check makes it, shrinks it and prints it. */
import fc from 'fast-check';

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

export function mutate(text: string, { kind, at, to, text: snippet }: Mutation): string {
  const length = Math.max(text.length, 1);
  const [start, end] = [at % length, to % length].toSorted((one, other) => one - other) as [number, number];
  switch (kind) {
    case 'flip':
      return (
        text.slice(0, start) +
        String.fromCharCode((text.charCodeAt(start) || 0) ^ (1 << (to % 7))) +
        text.slice(start + 1)
      );
    case 'delete':
      return text.slice(0, start) + text.slice(start + 1 + (to % 8));
    case 'insert':
      return text.slice(0, start) + snippet + text.slice(start);
    case 'repeat':
      return text.slice(0, end) + text.slice(start);
    case 'cut':
      return text.slice(0, start);
    case 'swap':
      return text.slice(end) + text.slice(start, end) + text.slice(0, start);
  }
}
