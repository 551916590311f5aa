/** What any item of the table is called. The reviewer knows which kinds it reads, and does without. */
import { denialId } from '../../records/denial.ts';
import { mappingId } from '../../records/mapping.ts';
import {
  bindingIdOf,
  changeIdOf,
  clusterIdOf,
  denialRefOf,
  mappingRefOf,
  runIdOf,
  setNameOf,
} from './keys.ts';
import type { ItemKey } from './keys.ts';
import { unreadableBy } from './unreadable.ts';
import type { ItemName } from './unreadable.ts';
import { webhookTokenNameOf } from './webhook-token-item.ts';

/** Kind and key of the item under this key. */
export function nameOf(key: ItemKey): ItemName {
  const mapping = mappingRefOf(key);
  if (mapping !== undefined) return { kind: 'mapping', key: mappingId(mapping) };
  const denial = denialRefOf(key);
  if (denial !== undefined) return { kind: 'denial', key: denialId(denial) };
  const names: readonly (readonly [string, string | undefined])[] = [
    ['cluster', clusterIdOf(key)],
    ['webhook-token', webhookTokenNameOf(key)],
    ['set', setNameOf(key)],
    ['binding', bindingIdOf(key)],
    ['change', changeIdOf(key)],
    ['sync-run', runIdOf(key)],
  ];
  for (const [kind, name] of names) if (name !== undefined) return { kind, key: name };
  return { kind: 'item', key: `${key.pk} ${key.sk}` };
}

/** As {@link unreadableBy}, for an item of any kind. */
export const unreadable = (key: ItemKey, newer?: { readonly found: number; readonly known: number }) =>
  unreadableBy(nameOf(key), newer);
