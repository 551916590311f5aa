/** Lists from outside: their length is judged before their items, and of their problems only the first are kept. */
import * as v from 'valibot';
import { IssueCollector } from './more-problems.ts';
import { errorFor } from './strict-object.ts';

type Message = ReturnType<typeof errorFor>;
type Item<T> = v.GenericSchema<unknown, T>;

/**
 * A list of `most` items at most. If it has more, that is its one problem: its items are not looked at.
 * @param field begins each sentence: "groups"
 */
/* @__NO_SIDE_EFFECTS__ */
export function boundedList<T>(field: string, item: Item<T>, most: number): v.GenericSchema<unknown, T[]> {
  const rule = `a list of ${most} at most`;
  const list = v.array(item, errorFor(field, rule));
  const bounded: v.ArraySchema<Item<T>, Message> = {
    ...list,
    '~run'(dataset, config) {
      const input = dataset.value;
      if (!Array.isArray(input)) return list['~run'](dataset, config);
      if (input.length <= most) return runItems(item, input, config);
      const result = list['~run']({ value: [] }, config);
      const message = `${field} must be ${rule}, and has ${input.length} items.`;
      v._addIssue(list, 'length', result, config, { message });
      return result;
    },
  };
  // The list itself has judged its length: the action is there for the JSON Schema, as `maxItems`.
  return v.pipe(bounded, v.maxLength(most));
}

function runItems<T>(
  item: Item<T>,
  input: unknown[],
  config: v.Config<v.BaseIssue<unknown>>,
): v.OutputDataset<T[], v.BaseIssue<unknown>> {
  const items: T[] = [];
  const collector = new IssueCollector();
  for (const [key, value] of input.entries()) {
    const judged = item['~run']({ value }, config);
    if (judged.typed) items.push(judged.value);
    for (const issue of judged.issues ?? []) collector.add(within(issue, input, key));
  }
  const [first, ...rest] = collector.issues();
  return first === undefined
    ? { typed: true, value: items }
    : { typed: false, value: items, issues: [first, ...rest] };
}

const within = (issue: v.BaseIssue<unknown>, input: unknown[], key: number): v.BaseIssue<unknown> => ({
  ...issue,
  path: [{ type: 'array', origin: 'value', input, key, value: input[key] }, ...(issue.path ?? [])],
});
