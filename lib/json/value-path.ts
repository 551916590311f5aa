/** A path into a value: `['mappings', 3, 'groups', 0]`. */
export type ValuePath = readonly (string | number)[];

/** `['mappings', 3, 'groups']` → `mappings[3].groups` */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');

/** The inverse of {@link pathText}, for fields whose names hold no `.`, `[` or `]`. */
export const pathOfText = (text: string): ValuePath =>
  [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([part, index]) =>
    index === undefined ? part : Number(index),
  );
