/** Compiled, never run: what is needed is an argument, and a record's state says what it holds. */
import { createEc2InstanceReader } from '../../lib/resolve/ec2/instance-names-ec2.ts';
import { CachedInstances } from '../../lib/resolve/ec2/cached-instances.ts';
import type { InstanceReader } from '../../lib/resolve/instance.ts';
import { matchEntries } from '../../lib/resolve/resolve.ts';
import type { CallerIdentity } from '../../lib/identity/caller-identity.ts';
import type { Cluster } from '../../lib/records/cluster.ts';
import type { DecisionDependencies } from '../../lib/review/review-token.ts';
import type { RecordOf, RecordState, RefOf } from '../../lib/records/kinds.ts';
import type { Entries } from '../../lib/records/lookup.ts';
import { createVerifier } from '../../lib/token/verify.ts';
import type { AskSts } from '../../lib/token/sts.ts';
import { takes } from './takes.ts';

declare const ask: AskSts;
declare const instances: InstanceReader;
declare const rest: Omit<DecisionDependencies, 'store'>;
declare const identity: CallerIdentity;
declare const cluster: Cluster;
declare const entries: Entries;
declare const state: RecordState<'mapping'>;

// No clock, no transport and no store by default.
// @ts-expect-error -- without a clock
createVerifier({ ask });
// @ts-expect-error -- without a transport
createVerifier({ clock: () => 0 });
// @ts-expect-error -- without a clock
takes<CachedInstances>(new CachedInstances(instances));
// @ts-expect-error -- without a time
matchEntries(identity, cluster, entries);
// @ts-expect-error -- without a region
createEc2InstanceReader({});
// @ts-expect-error -- without a store
takes<DecisionDependencies>(rest);

// A record that is deleted or absent has nothing to give.
// @ts-expect-error -- it may be a tombstone
takes<string>(state.stored.username);
// @ts-expect-error -- an absent record has no version but 0
takes<RecordState<'set'>>({ kind: 'set', ref: { name: 'prod' }, state: 'absent', version: 3 });
// @ts-expect-error -- a mapping is named by scope, key and owner
takes<RefOf<'mapping'>>({ id: 'x' });
// @ts-expect-error -- a cluster is not a set
takes<RecordOf<'set'>>(cluster);
