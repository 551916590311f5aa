/** Problems that are counted instead of listed. */
import type * as v from 'valibot';

/** Problems of one input that are reported; the others are counted. */
export const listedProblems = 100;

const type = 'more_problems';

/** An issue that stands for others. */
export const moreIssue = (count: number): v.BaseIssue<unknown> => ({
  kind: 'validation',
  type,
  input: null,
  expected: null,
  received: '',
  requirement: count,
  message: moreProblems(count),
});

/** How many issues an issue stands for; `undefined`: it is one itself. */
export const moreIn = (issue: v.BaseIssue<unknown>): number | undefined =>
  issue.type === type && typeof issue.requirement === 'number' ? issue.requirement : undefined;

export const moreProblems = (count: number): string =>
  `${count} more ${count === 1 ? 'problem is' : 'problems are'} not listed.`;

/** Issues one after the other: the first are kept, the others counted. */
export class IssueCollector {
  readonly #kept: v.BaseIssue<unknown>[] = [];
  #more = 0;

  add(issue: v.BaseIssue<unknown>): void {
    const more = moreIn(issue);
    if (more !== undefined) this.#more += more;
    else if (this.#kept.length < listedProblems) this.#kept.push(issue);
    else this.#more += 1;
  }

  issues(): readonly v.BaseIssue<unknown>[] {
    return this.#more === 0 ? this.#kept : [...this.#kept, moreIssue(this.#more)];
  }
}
