/** Reads the IAM groups of all bindings, each group once, a few at a time. */
import type { GroupBinding } from '../records/binding.ts';
import { mapConcurrently } from '../async/map-concurrently.ts';
import type { Reading } from './grants/membership.ts';

/** What names an IAM group and the way to it. */
export type GroupSource = Pick<GroupBinding, 'iamGroup' | 'readerRoleArn' | 'externalId'>;

/** Reads one group to its last page. Never throws: what could not be read is `unreadable`. */
export type ReadGroup = (source: GroupSource) => Promise<Reading>;

/** IAM throttles an account as a whole: more at a time would only be sent away. */
const groupsAtOnce = 6;

/** @returns a reading for each binding; bindings to the same group by the same role share it. */
export async function readGroups(
  bindings: readonly GroupBinding[],
  readGroup: ReadGroup,
): Promise<Map<string, Reading>> {
  const sources = new Map(bindings.map((binding) => [sourceKey(binding), binding]));
  const readings = new Map(
    await mapConcurrently([...sources], groupsAtOnce, async ([key, source]): Promise<[string, Reading]> => [
      key,
      await readGroup(source),
    ]),
  );
  return new Map(
    bindings.flatMap((binding) => {
      const reading = readings.get(sourceKey(binding));
      return reading === undefined ? [] : [[binding.id, reading]];
    }),
  );
}

const sourceKey = (source: GroupSource): string =>
  JSON.stringify([source.iamGroup, source.readerRoleArn ?? '', source.externalId ?? '']);
