/** The result of one check of `doctor`: one line, and how to fix a failure. */
export type Finding = { readonly check: string } & (
  | { readonly state: 'ok'; readonly detail: string }
  | { readonly state: 'skipped'; readonly detail: string }
  | { readonly state: 'failed'; readonly detail: string; readonly remedy: string }
);

export const fine = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
export const skipped = (check: string, detail: string): Finding => ({ check, state: 'skipped', detail });
export const broken = (check: string, detail: string, remedy: string): Finding => ({
  check,
  state: 'failed',
  detail,
  remedy,
});
