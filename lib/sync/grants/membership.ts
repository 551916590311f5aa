/** What a reading of IAM gives, and what a sync makes of it. */
import type { Contribution, MappingRef } from '../../records/mapping.ts';
import type { GroupBinding } from '../../records/binding.ts';

/** A member of an IAM group, as `iam:GetGroup` reports it. */
export interface Member {
  /** With the user's path: `arn:aws:iam::111122223333:user/eng/alice`. */
  readonly arn: string;
  readonly userName: string;
  /** The unique id, `AIDA…`. */
  readonly userId: string;
}

/**
 * What became of reading the group of one binding. `unreadable`: IAM could not tell. `refused`: the binding
 * itself cannot be carried out, for instance because its scope is gone. Both leave its grants as they are.
 */
export type Reading =
  | { readonly outcome: 'read'; readonly members: readonly Member[] }
  | { readonly outcome: 'unreadable'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string };

/** The fields of a grant that the sync decides. */
export interface Grant extends MappingRef {
  readonly arn: string;
  readonly principalId: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly contributions: Readonly<Record<string, Contribution>>;
}

/** A grant as the table holds it. */
export interface HeldGrant extends Grant {
  readonly version: number;
}

export type GrantWrite =
  | { readonly kind: 'create'; readonly after: Grant }
  | { readonly kind: 'update'; readonly before: HeldGrant; readonly after: Grant }
  | { readonly kind: 'delete'; readonly before: HeldGrant };

/** One binding's line in the report of a run. */
export interface BindingReport {
  readonly id: string;
  /** `guarded`: withdrawals were held back, which a person should look at. */
  readonly outcome: 'ok' | 'unreadable' | 'guarded' | 'refused';
  readonly members: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** One sentence for each thing that a person should know, joined by a space. */
  readonly detail?: string;
}

export interface PlanInput {
  /** Every binding there is. */
  readonly bindings: readonly GroupBinding[];
  /** Ids that were read by key and found to be deleted. An id that is merely missing is not in here. */
  readonly deletedBindings: ReadonlySet<string>;
  /** By binding id. A binding without a reading is not part of this run: its grants stay as they are. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Every mapping that group sync owns, in any scope. */
  readonly grants: readonly HeldGrant[];
  /** Lifts the guard on withdrawals. */
  readonly force: boolean;
}

export interface Plan {
  /**
   * In the order in which they are to be made. A stage is begun once all of the one before is written: it gives
   * names which others had until then. All but these is in the first.
   */
  readonly stages: readonly (readonly GrantWrite[])[];
  readonly reports: readonly BindingReport[];
  /**
   * Ids of the bindings whose group was read and whose withdrawals are all in the plan. One of whose members a name is
   * refused is among them: it is as fresh as it can be, and its outcome says what is wrong.
   */
  readonly good: readonly string[];
}
