/**
 * Compiled, never run: `tsc` fails where one of these mistakes would be taken. Each stands under the expectation that
 * it is refused.
 */
import type { Denial, DenialSubject } from '../../lib/records/denial.ts';
import type { Mapping, Owner, StoredMapping } from '../../lib/records/mapping.ts';
import type { PermissionSet, Principal } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { takes } from './takes.ts';

declare const mapping: Mapping;
declare const principal: Principal;
declare const text: string;

const arn = 'arn:aws:iam::111122223333:role/Dev';
const accountId = '111122223333';

// A principal is of exactly one kind.
takes<Principal>({ arn });
takes<Principal>({ accountId, partition: 'aws-cn' });
takes<Principal>({ permissionSet: { accountId, name: 'Admin' } });
// @ts-expect-error -- an ARN and an account
takes<Principal>({ arn, accountId });
// @ts-expect-error -- an ARN and a permission set
takes<Principal>({ arn, permissionSet: { accountId, name: 'Admin' } });
// @ts-expect-error -- a permission set and an account
takes<Principal>({ permissionSet: { accountId, name: 'Admin' }, accountId });
// @ts-expect-error -- none
takes<Principal>({});
// @ts-expect-error -- an ARN has its partition in it
takes<Principal>({ arn, partition: 'aws' });
// @ts-expect-error -- a partition that AWS does not have
takes<Principal>({ accountId, partition: 'mars' });
// @ts-expect-error -- a permission set is of one account
takes<PermissionSet>({ name: 'Admin' });

// A denial is of exactly one subject.
takes<DenialSubject>({ principal });
takes<Denial>({ accessKeyId: 'AKIAEXAMPLE000000001', reason: 'lost' });
// @ts-expect-error -- a unique id and an access key
takes<DenialSubject>({ principalId: 'AIDAX', accessKeyId: 'AKIAX' });
// @ts-expect-error -- a principal and a unique id
takes<DenialSubject>({ principal, principalId: 'AIDAX' });
// @ts-expect-error -- nobody
takes<Denial>({ reason: 'lost' });
// @ts-expect-error -- without a reason
takes<Denial>({ principal });

// A scope is one of three forms; an owner one of two.
takes<Scope>('cluster/demo');
takes<Scope>('set/prod');
takes<Scope>('all');
// @ts-expect-error -- a bare cluster id
takes<Scope>('demo');
// @ts-expect-error -- another case
takes<Scope>('ALL');
// @ts-expect-error -- text that nobody has parsed
takes<Scope>(text);
// @ts-expect-error -- a third owner
takes<Owner>('admin');

// A record that was read does not change under its reader's hands; one that was not stored is not taken for one.
// @ts-expect-error -- read-only
mapping.username = 'root';
// @ts-expect-error -- a list that is read-only
mapping.groups.push('system:masters');
// @ts-expect-error -- without key, version and id
takes<StoredMapping>(mapping);
