import type { Scene } from '../scene.ts';

/**
 * One way round one denial, tried by a denied caller: the review refuses it, or the admin who wrote the denial was warned of it, with
 * what to deny instead. A row in a table of this folder is enough to have a new way tried.
 */
export interface Way {
  /** The attacker, and what was denied. */
  readonly denied: string;
  readonly does: string;
  /** Fields of the POST of the denial, without its reason. */
  readonly denial: (scene: Scene) => object;
  /** Goes round it, and returns a token. */
  readonly tries: (scene: Scene) => Promise<string> | string;
  /** The code of the warning: the way is open until `instead` is denied, too. */
  readonly warned?: string;
  readonly instead?: (scene: Scene) => object;
  /** The cluster that is tried. Default `demo`. */
  readonly clusterId?: string;
  readonly apiVersion?: string;
  /** The code of a refusal. Default `principal_denied`. */
  readonly code?: string;
}
