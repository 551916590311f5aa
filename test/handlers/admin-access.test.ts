import { describe, expect, test } from 'vitest';
import { callerFromArn } from '../../lib/identity/caller-identity.ts';
import type { CallerIdentity } from '../../lib/identity/caller-identity.ts';
import { denialId, denialRef } from '../../lib/records/denial.ts';
import { mappingKeyOf } from '../../lib/records/principal.ts';
import { lookupFor, matchEntries, matchMappings, resolveUser } from '../../lib/resolve/resolve.ts';
import { exampleInstance } from '../../lib/admin/access/hypothetical.ts';
import { usesInstance } from '../../lib/records/template.ts';
import { scopesOf } from '../../lib/records/scope.ts';
import type { Cluster } from '../../lib/records/cluster.ts';
import type { Denial } from '../../lib/records/denial.ts';
import type { Mapping } from '../../lib/records/mapping.ts';
import type { Principal } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { bulkLoad } from '../../lib/store/dynamodb/bulk-load.ts';
import type { Store } from '../../lib/store/ports.ts';
import { pick, seeded } from '../reference/random.ts';
import type { Random } from '../reference/random.ts';
import { createAdminFixture, askOk } from '../fixtures/admin-fixture.ts';
import type { AdminFixture, AnyJson } from '../fixtures/admin-fixture.ts';
import { cluster, denial, mapping, roleArn } from '../fixtures/records.ts';
import { cases } from '../fixtures/scale.ts';
import { must as found } from '../fixtures/store-writes.ts';

/** Each row of an access review is what a review answers: both are asked, in random tables. */
const account = '111122223333';
const arnOf = (resource: string): string => `arn:aws:iam::${account}:${resource}`;
const pins = ['AROAEXAMPLEEXAMPLE01', 'AROAEXAMPLEEXAMPLE02'];
const principals: readonly Principal[] = [
  { arn: arnOf('role/eng/Dev') },
  { arn: arnOf('role/dev') },
  { arn: arnOf('role/Node') },
  { arn: arnOf('user/alice') },
  { arn: arnOf('user/eng/alice') },
  { arn: arnOf('root') },
  { arn: `arn:aws:sts::${account}:federated-user/fed` },
  { arn: arnOf('role/AWSReservedSSO_Admin_0123456789abcdef') },
  { arn: 'arn:aws-cn:iam::111122223333:role/Dev' },
  { permissionSet: { accountId: account, name: 'Admin' } },
  { permissionSet: { accountId: '444455556666', name: 'Admin' } },
  { accountId: account },
];
const usernames = [
  'u',
  'sso:{{SessionName}}',
  'raw:{{SessionNameRaw}}',
  'key:{{AccessKeyID}}',
  'role:{{RoleName}}',
  'user:{{UserName}}',
];
const clusters: readonly Cluster[] = [
  cluster('one', { sets: ['dev', 'prod'] }),
  cluster('two', { sets: ['prod'] }),
  cluster('off', { sets: ['prod'], disabled: true }),
];
const scopes: readonly Scope[] = ['all', 'set/dev', 'set/prod', 'cluster/one', 'cluster/two'];
const sessions = ['bob@example.com', 'eve'];

function randomMapping(random: Random): Mapping {
  const principal = pick(random, principals);
  const isRole = principal.arn?.includes(':role/') === true;
  const isNode = isRole && random() < 0.25;
  const pinned = isRole && random() < 0.3;
  return mapping('', {
    scope: pick(random, scopes),
    principal,
    owner: principal.arn?.includes(':user/') === true && random() < 0.3 ? 'group-sync' : 'manual',
    username: isNode ? 'system:node:{{EC2PrivateDNSName}}' : pick(random, usernames),
    groups: [pick(random, ['a', 'b', 'by:{{SessionName}}', 'c:{{AccountID}}'])],
    ...(isNode ? { instanceProfiles: [arnOf('instance-profile/Node')] } : {}),
    ...(pinned ? { principalId: pick(random, pins) } : {}),
    ...(random() < 0.2 ? { expiresAt: pick(random, ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z']) } : {}),
  });
}

function randomDenial(random: Random): Denial {
  const principal = pick(random, principals);
  if (random() < 0.2) return { principalId: pick(random, pins), reason: 'r' };
  const hasSessions = principal.permissionSet !== undefined || principal.arn?.includes(':role/') === true;
  return hasSessions && random() < 0.7
    ? { principal, sessionName: pick(random, sessions), reason: 'r' }
    : { principal, reason: 'r' };
}

const keyOf = ({ scope, principal, owner }: Mapping): string =>
  `${scope} ${mappingKeyOf(principal)} ${owner}`;
const unique = <T>(items: readonly T[], name: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [name(item), item])).values(),
];

async function fill(fixture: AdminFixture, random: Random): Promise<readonly Mapping[]> {
  const mappings = unique(
    Array.from({ length: 24 }, () => randomMapping(random)),
    keyOf,
  );
  const denials = unique(
    Array.from({ length: 3 }, () => randomDenial(random)),
    (one) => denialId(denialRef(one)),
  );
  const { client, table } = fixture.table;
  const sets = [{ name: 'dev' }, { name: 'prod' }];
  await bulkLoad({ clusters, sets, mappings, denials }, { client, table, actor: 'test', clock: Date.now });
  return mappings;
}

/** A real caller such as a row is about: not the hypothetical one by which the row was found. */
function callerOf(row: AnyJson, session: string): CallerIdentity {
  const principal: Principal = row.principal;
  const details = {
    principalId: row.principalId ?? 'AROAEXAMPLEEXAMPLE99',
    sessionName: row.callers === 'ec2-instances' ? 'i-0123456789abcdef0' : session,
    accessKeyId: 'ASIAEXAMPLEEXAMPLE01',
  };
  const named = (set: string): string => `AWSReservedSSO_${set}_fedcba9876543210`;
  const arn =
    principal.arn ??
    (principal.permissionSet
      ? `arn:aws:iam::${principal.permissionSet.accountId}:role/${named(principal.permissionSet.name)}`
      : arnOf(row.callers === 'users' ? 'user/somebody' : 'role/Somebody'));
  return callerFromArn(arn, details)!;
}

async function review(store: Store, caller: CallerIdentity, on: Cluster): Promise<AnyJson> {
  const entries = found(await store.readEntries(lookupFor(caller, on), AbortSignal.timeout(5000)));
  const match = matchEntries(caller, on, entries, Date.now());
  if (!match.ok) return { code: match.failure.code };
  const node = matchMappings(caller, on, entries.mappings).find((one) => usesInstance(one.mapping));
  const instance = node && {
    ...exampleInstance(node.mapping, caller),
    privateDnsName: 'ip-10-0-0-1.internal',
  };
  const user = resolveUser(match.value, instance);
  if (!user.ok) return { code: user.failure.code };
  const { username, groups, grantedBy } = user.value;
  return { code: 'verified', username, groups, grantedBy: grantedBy.map(({ mappingId }) => mappingId) };
}

/** The placeholders of a row, filled in for a caller. */
function filled(row: AnyJson, caller: CallerIdentity): AnyJson {
  if (row.denied !== undefined) return { code: row.denied.code };
  const { principal, sessionName = '', accessKeyId = '' } = caller;
  const fill = (text: string): string =>
    text
      .replaceAll('{{SessionName}}', sessionName.replaceAll('@', '-'))
      .replaceAll('{{SessionNameRaw}}', sessionName)
      .replaceAll('{{AccessKeyID}}', accessKeyId)
      .replaceAll('{{EC2PrivateDNSName}}', 'ip-10-0-0-1.internal')
      .replaceAll('{{RoleName}}', principal.kind === 'role' ? principal.roleName : '')
      .replaceAll('{{UserName}}', principal.kind === 'user' ? principal.userName : '');
  return {
    code: 'verified',
    username: fill(row.username),
    groups: row.groups.map(fill).toSorted(),
    grantedBy: row.grantedBy.map(({ mappingId }: AnyJson) => mappingId),
  };
}

async function everyRow(fixture: AdminFixture, query: Readonly<Record<string, string>>): Promise<AnyJson[]> {
  const rows: AnyJson[] = [];
  let cursor: string | undefined;
  do {
    const page = await askOk(fixture, {
      method: 'GET',
      path: '/v1/access',
      query: { ...query, limit: '3', ...(cursor === undefined ? {} : { cursor }) },
    });
    rows.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return rows;
}

async function requireReviewed(fixture: AdminFixture, rows: readonly AnyJson[]): Promise<void> {
  for (const row of rows) {
    const on = clusters.find(({ id }) => id === row.clusterId)!;
    for (const session of sessions) {
      const caller = callerOf(row, session);
      const answer = await review(fixture.store, caller, on);
      const byName =
        row.denied?.code !== 'cluster_disabled' && row.deniedSessions?.includes(caller.sessionName) === true;
      expect(answer, JSON.stringify({ row, session })).toEqual(
        byName ? { code: 'principal_denied' } : filled(row, caller),
      );
    }
  }
}

describe('an access review and reviews agree', () => {
  test.each(Array.from({ length: cases(5, 100) }, (_, index) => index))(
    'in random table %i',
    async (seed) => {
      const fixture = await createAdminFixture();
      try {
        const mappings = await fill(fixture, seeded(seed));
        for (const on of clusters) {
          const rows = await everyRow(fixture, { clusterId: on.id });
          await requireReviewed(fixture, rows);
          const inScope = mappings.filter(
            ({ scope, principal }) =>
              scopesOf(on).includes(scope) && !principal.arn?.startsWith('arn:aws-cn'),
          );
          expect(new Set(rows.map(({ principal }) => mappingKeyOf(principal)))).toEqual(
            new Set(inScope.map(({ principal }) => mappingKeyOf(principal))),
          );
        }
        const principal = pick(
          seeded(seed),
          principals.filter(({ arn }) => arn !== undefined),
        ).arn!;
        await requireReviewed(fixture, await everyRow(fixture, { principal }));
      } finally {
        await fixture.close();
      }
    },
  );
});

describe('the rows of an access review', () => {
  const rowsOf = async (
    records: { mappings: Mapping[]; denials?: Denial[] },
    query: Readonly<Record<string, string>> = { clusterId: 'one' },
  ): Promise<AnyJson[]> => {
    const fixture = await createAdminFixture();
    try {
      const { client, table } = fixture.table;
      await bulkLoad({ clusters, ...records }, { client, table, actor: 'test', clock: Date.now });
      return await everyRow(fixture, query);
    } finally {
      await fixture.close();
    }
  };

  test('an access review has a row for the nodes and a row for other sessions of their role', async () => {
    const node = mapping('Node', { username: 'system:node:{{EC2PrivateDNSName}}', scope: 'all' });
    expect(await rowsOf({ mappings: [node] })).toMatchObject([
      { callers: 'ec2-instances', username: 'system:node:{{EC2PrivateDNSName}}' },
    ]);
    expect(
      await rowsOf({ mappings: [node, mapping('Node', { scope: 'cluster/one', username: 'x' })] }),
    ).toHaveLength(2);
  });

  test('an access review has a row for each pinned unique id', async () => {
    const rows = await rowsOf({
      mappings: pins.map((principalId, index) =>
        mapping('R', { principalId, scope: index === 0 ? 'all' : 'set/dev', username: `u${index}` }),
      ),
    });
    expect(Object.fromEntries(rows.map(({ principalId, username }) => [principalId, username]))).toEqual({
      AROAEXAMPLEEXAMPLE01: 'u0',
      AROAEXAMPLEEXAMPLE02: 'u1',
    });
  });

  test('an access review lists denied sessions and the reason of each refusal', async () => {
    const rows = await rowsOf({
      mappings: [mapping('A', { scope: 'all' }), mapping('B', { scope: 'all' })],
      denials: [denial('A', 'eve'), denial('B')],
    });
    expect(rows).toMatchObject([
      { principal: { arn: roleArn('A') }, username: 'A', deniedSessions: ['eve'] },
      {
        principal: { arn: roleArn('B') },
        groups: [],
        denied: { code: 'principal_denied', reason: 'left the company' },
      },
    ]);
  });

  test('an access review of a principal has a row for each cluster that has an entry about it', async () => {
    const rows = await rowsOf(
      { mappings: [mapping('A', { scope: 'set/dev' })] },
      { principal: roleArn('some/path/A') },
    );
    expect(rows).toMatchObject([{ clusterId: 'one', grantedBy: [{ by: 'test', scope: 'set/dev' }] }]);
  });
});
