/** Whether both halves of a user are denied: the ARN, which a recreated user has again, and the unique id, which a renamed user keeps. */
import { denialId, denialRef } from '../../records/denial.ts';
import type { Denial, StoredDenial } from '../../records/denial.ts';
import type { Store } from '../../store/ports.ts';
import { pageOrThrow, readOrThrow } from '../lists/store-results.ts';
import { deniedUserArn, userIdsOf } from './denied-person.ts';

type Reads = Pick<Store, 'listByPrincipal' | 'listDenials' | 'readEach'>;

/** Denials that are searched for a unique id that no mapping pins any more. */
const searchedPages = 5;

const arnDenialOf = (userArn: string): string =>
  denialId(denialRef({ principal: { arn: userArn }, reason: '' }));

/** Whether a denial is that of a unique id of this user. */
export const isOfUser = ({ userArn: ofId }: Denial, userArn: string): boolean =>
  ofId !== undefined && arnDenialOf(ofId) === arnDenialOf(userArn);

/** Whether both halves are among some denials. `false` for a subject that has no other half. */
export function hasOtherHalf(denial: Denial, among: readonly Denial[]): boolean {
  const { userArn } = denial;
  if (userArn !== undefined)
    return among.some((other) => denialId(denialRef(other)) === arnDenialOf(userArn));
  const denied = deniedUserArn(denial);
  return denied !== undefined && among.some((other) => isOfUser(other, denied));
}

/** No review reads a denial under a former key. */
const holds = ({ staleKey }: StoredDenial): boolean => staleKey !== true;

export class OtherHalves {
  readonly #store: Reads;
  readonly #known: readonly StoredDenial[];
  #all: Promise<readonly StoredDenial[]> | undefined;

  /** @param known denials that have been read already */
  constructor(store: Reads, known: readonly StoredDenial[] = []) {
    this.#store = store;
    this.#known = known.filter(holds);
  }

  /** `false` for a subject that has no other half. @throws AdminProblem */
  async isDenied(denial: Denial): Promise<boolean> {
    if (denial.userArn !== undefined)
      return this.#areLive([{ principal: { arn: denial.userArn }, reason: '' }]);
    const userArn = deniedUserArn(denial);
    if (userArn === undefined) return false;
    if (hasOtherHalf(denial, this.#known)) return true;
    const ids = await userIdsOf(this.#store, userArn);
    if (ids.length > 0) return this.#areLive(ids.map((principalId) => ({ principalId, reason: '' })));
    this.#all ??= this.#readAll();
    return hasOtherHalf(denial, await this.#all);
  }

  async #areLive(denials: readonly Denial[]): Promise<boolean> {
    const states = await readOrThrow(this.#store.readEach('denial', denials.map(denialRef)));
    return states.every(({ state }) => state === 'live');
  }

  async #readAll(): Promise<readonly StoredDenial[]> {
    const found: StoredDenial[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < searchedPages; page += 1) {
      const { items, cursor: next } = await pageOrThrow(this.#store.listDenials({ limit: 200, cursor }));
      found.push(...items.filter(holds));
      cursor = next;
      if (cursor === undefined) break;
    }
    return found;
  }
}
