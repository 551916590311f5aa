import { stringify } from 'yaml';

/** Long lines stay whole, and equal parts are written out: people diff this. */
export const yamlOf = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
