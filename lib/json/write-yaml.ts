/** YAML for people to read and diff. Reading YAML is in `read-yaml.ts`. */
import { stringify } from 'yaml';

/**
 * Long lines stay whole, and equal parts are written out instead of aliased, so that diffs are local. Kubernetes reads
 * YAML 1.1, in which `no` is a boolean: a string of that kind is quoted.
 */
export const yamlOf = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
