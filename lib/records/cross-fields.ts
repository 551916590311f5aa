/** Rules about several fields at once, told together with those of single fields. */
import * as z from 'zod/mini';

/** One broken rule: the field that it is told of, and a sentence. */
export interface Broken {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A field as a rule about several sees it: `undefined` where it does not obey its own rules. */
// oxlint-disable-next-line promise/valid-params -- this is zod's catch, not a promise's
export const ifValid = <T extends z.ZodMiniType>(field: T) => z.catch(z.optional(field), undefined);

/**
 * A check for an object. It also runs where some fields are wrong, on the others, so that one answer tells every
 * problem.
 * @param fields an object of {@link ifValid} fields, which so takes any object
 */
export function crossFields<T>(fields: z.ZodMiniType<T>, rules: (fields: T) => readonly Broken[]) {
  return z.check<object>(
    ({ value, issues }) => {
      const parsed = fields.safeParse(value);
      if (!parsed.success) return;
      for (const { path, message } of rules(parsed.data)) {
        issues.push({ code: 'custom', message, path: [...path], input: value });
      }
    },
    { when: () => true },
  );
}
