/** Every input field of a record has inputs in test/vectors/admin-input.json: one that is accepted, and one that is refused for it. */
import { expect, test } from 'vitest';
import { isRecord } from '../../lib/json/record.ts';
import { kinds } from '../../lib/records/kinds.ts';
import vectors from '../vectors/admin-input.json' with { type: 'json' };

interface Case {
  readonly schema: string;
  readonly input: unknown;
  /** The paths that are complained of. */
  readonly broken?: readonly string[];
}
const cases: readonly Case[] = vectors.cases;

const fields = Object.values(kinds).flatMap(({ kind, inputFields }) =>
  inputFields.map((field: string) => ({ kind, field })),
);

test.each(fields)('the field $field of a $kind has an accepted and a refused input', ({ kind, field }) => {
  const ofKind = cases.filter(({ schema }) => schema === kind);
  const accepted = ofKind.filter(
    ({ input, broken }) => broken === undefined && isRecord(input) && Object.hasOwn(input, field),
  );
  const refused = ofKind.filter(({ broken }) =>
    broken?.some((path) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)),
  );
  expect([accepted.length > 0, refused.length > 0]).toEqual([true, true]);
});
