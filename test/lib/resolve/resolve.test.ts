import { describe, expect, test } from 'vitest';
import type { CallerDetails } from '../../../lib/identity/caller-identity.ts';
import type { Instance } from '../../../lib/resolve/instance.ts';
import { denialId } from '../../../lib/records/denial.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import { evaluateMatch, lookupFor, matchEntries, resolveUser } from '../../../lib/resolve/resolve.ts';
import type { Cluster } from '../../../lib/records/cluster.ts';
import type { Denial } from '../../../lib/records/denial.ts';
import vectors from '../../vectors/resolve.json' with { type: 'json' };
import { caller, cluster, storedDenial, storedMapping } from './builders.ts';
import type { MappingFields } from './builders.ts';

interface Common {
  readonly name: string;
  readonly caller: { readonly arn: string } & CallerDetails;
  readonly mappings: readonly MappingFields[];
  readonly denials?: readonly Denial[];
  readonly cluster?: Partial<Cluster>;
  readonly instance?: Instance;
}

interface Admitted extends Common {
  readonly expect: {
    readonly username: string;
    readonly groups: readonly string[];
    /** Indexes in `mappings`. */
    readonly namedBy: number;
    readonly grantedBy: readonly number[];
    readonly asks?: boolean;
  };
}

interface Refused extends Common {
  readonly expect: { readonly code: string; readonly data?: object; readonly asks?: boolean };
}

type Case = Admitted | Refused;

const now = Date.parse(vectors.now);
const cases = vectors.cases as unknown as readonly Case[];

function answer(given: Case, order: 'as given' | 'reversed') {
  const { arn, ...details } = given.caller;
  const mappings = given.mappings.map(storedMapping);
  const denials = (given.denials ?? []).map(storedDenial);
  const entries =
    order === 'reversed'
      ? { mappings: mappings.toReversed(), denials: denials.toReversed() }
      : { mappings, denials };
  const match = matchEntries(caller(arn, details), cluster(given.cluster), entries, now);
  return { mappings, match, result: match.ok ? resolveUser(match.value, given.instance) : match };
}

const isRefused = (given: Case): given is Refused => 'code' in given.expect;
const isAdmitted = (given: Case): given is Admitted => !isRefused(given);

describe('the review of a caller', () => {
  test.each(cases.filter(isAdmitted))('verifies the caller as $expect.username: $name', (given) => {
    const { mappings, result } = answer(given, 'as given');
    const { username, groups, namedBy, grantedBy } = given.expect;
    const idOf = (index: number): string | undefined => mappings[index]?.id;
    expect(result).toMatchObject({ ok: true, value: { username, groups, namedBy: idOf(namedBy) } });
    expect(result.ok && result.value.grantedBy.map((grant) => grant.mappingId)).toEqual(grantedBy.map(idOf));
  });

  test.each(cases.filter(isRefused))('denies the caller with $expect.code: $name', (given) => {
    const { code, data = {} } = given.expect;
    expect(answer(given, 'as given').result).toMatchObject({
      ok: false,
      failure: { outcome: 'denied', code, data },
    });
  });

  test.each(cases)('does not depend on the order of the entries: $name', (given) => {
    expect(answer(given, 'reversed').result).toEqual(answer(given, 'as given').result);
  });

  test.each(cases.filter((given) => given.expect.asks === false))(
    'needs no instance of EC2: $name',
    (given) => {
      expect(answer(given, 'as given').match).toMatchObject({ ok: true, value: { instance: undefined } });
    },
  );

  test('has vectors with unique names', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});

describe('the lookup of a caller', () => {
  const sso = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann';
  const known = { principalId: 'AROAEXAMPLE0000000001', accessKeyId: 'ASIAEXAMPLE000000001' };
  const sets = ['a', 'b', 'c', 'd', 'e'];
  test.each([
    { who: 'root without sets', arn: 'arn:aws:iam::111122223333:root', sets: [], mappings: 2, denials: 4 },
    {
      who: 'a federated user without sets',
      arn: 'arn:aws:sts::111122223333:federated-user/Bob',
      sets: [],
      mappings: 2,
      denials: 5,
    },
    {
      who: 'a user without sets',
      arn: 'arn:aws:iam::111122223333:user/x',
      sets: [],
      mappings: 6,
      denials: 4,
    },
    {
      who: 'a role in one set',
      arn: sso.replace('AWSReservedSSO_', ''),
      sets: ['a'],
      mappings: 6,
      denials: 5,
    },
    { who: 'a user in five sets', arn: 'arn:aws:iam::111122223333:user/x', sets, mappings: 21, denials: 4 },
    { who: 'a permission set in five sets', arn: sso, sets, mappings: 21, denials: 7 },
  ])('has $mappings mappings and $denials denials for $who', ({ arn, sets, mappings, denials }) => {
    const lookup = lookupFor(caller(arn, known), cluster({ sets }));
    expect(mappings + denials).toBeGreaterThanOrEqual(6);
    expect(mappings + denials).toBeLessThanOrEqual(28);
    expect(new Set(lookup.mappings.map(mappingId)).size).toBe(mappings);
    expect(lookup.mappings).toHaveLength(mappings);
    expect(new Set(lookup.denials.map(denialId)).size).toBe(denials);
    expect(lookup.denials).toHaveLength(denials);
  });

  test('has no denial of a unique id or an access key that is unknown', () => {
    const lookup = lookupFor(caller('arn:aws:iam::111122223333:user/x'), cluster());
    expect(lookup.denials).toEqual([
      { principalKey: 'arn:aws:iam::111122223333:user/x' },
      { principalKey: 'account/aws/111122223333' },
    ]);
  });
});

describe('a match needs the instance of EC2', () => {
  const node = caller('arn:aws:sts::111122223333:assumed-role/Node/i-0123456789abcdef0');
  const principal = { arn: 'arn:aws:iam::111122223333:role/Node' };
  const byInstance = { principal, username: 'system:node:{{EC2PrivateDNSName}}', groups: [] };
  const asked = (...mappings: MappingFields[]): unknown => {
    const entries = { mappings: mappings.map(storedMapping), denials: [] };
    const match = matchEntries(node, cluster(), entries, now);
    return match.ok && match.value.instance;
  };
  const question = { instanceId: 'i-0123456789abcdef0', accountId: '111122223333', partition: 'aws' };

  test('if one of several mappings uses its name', () => {
    const plain = { scope: 'cluster/demo', principal, username: 'node', groups: [] } as const;
    expect(asked(plain, { scope: 'all', ...byInstance })).toEqual(question);
    expect(asked(plain)).toBeUndefined();
  });

  test('only for a mapping that has not expired', () => {
    const expiresAt = new Date(now).toISOString();
    expect(asked({ scope: 'all', ...byInstance })).toEqual(question);
    expect(asked({ scope: 'all', ...byInstance, expiresAt })).toBeUndefined();
  });
});

test('a mapping under a former key has no effect, not even on the principal whose key that is today', () => {
  const bob = 'arn:aws:sts::111122223333:federated-user/bob';
  const named = { scope: 'all', principal: { arn: bob }, username: 'bob', groups: [] } as const;
  const entries = { mappings: [{ ...storedMapping(named), staleKey: true as const }], denials: [] };
  expect(matchEntries(caller(bob), cluster(), entries, now)).toMatchObject({
    ok: true,
    value: { mappings: [] },
  });
});

test('entries of other principals have no effect', () => {
  const identity = caller('arn:aws:iam::111122223333:user/alice');
  const other = { arn: 'arn:aws:iam::111122223333:user/bob' };
  const entries = {
    mappings: [storedMapping({ scope: 'all', principal: other, username: 'bob', groups: ['b'] })],
    denials: [storedDenial({ principal: other, reason: 'left' })],
  };
  const match = matchEntries(identity, cluster(), entries, now);
  expect(match).toMatchObject({ ok: true, value: { mappings: [] } });
});

test('evaluateMatch reports for every mapping what it grants or why it grants nothing', () => {
  const identity = caller('arn:aws:iam::111122223333:user/alice');
  const principal = { arn: identity.arn };
  const entries = {
    mappings: [
      storedMapping({ scope: 'all', principal, username: 'wide', groups: ['w'] }),
      storedMapping({ scope: 'cluster/demo', principal, username: '{{RoleName}}', groups: [] }),
    ],
    denials: [],
  };
  const match = matchEntries(identity, cluster(), entries, now);
  expect(match.ok && evaluateMatch(match.value)).toMatchObject([
    { live: false, mapping: { scope: 'cluster/demo' }, failure: { code: 'username_invalid' } },
    { live: true, mapping: { scope: 'all' }, username: 'wide', groups: ['w'] },
  ]);
});

describe('a mapping grants the caller nothing', () => {
  const identity = caller('arn:aws:iam::111122223333:user/alice', { principalId: 'AIDAALICE0000001' });
  const { canonicalArn } = identity;
  const plain = { scope: 'all', principal: { arn: canonicalArn }, username: 'alice', groups: [] } as const;
  const expiredAt = new Date(now).toISOString();
  const account = { accountId: '111122223333' };

  test.each<[string, Partial<MappingFields>, string, object]>([
    ['it expires at this moment', { expiresAt: expiredAt }, 'mapping_expired', { canonicalArn, expiredAt }],
    [
      'its expiry is not a time',
      { expiresAt: 'soon' },
      'mapping_expired',
      { canonicalArn, expiredAt: 'soon' },
    ],
    [
      'it has expired and is pinned to another id',
      { expiresAt: expiredAt, principalId: 'AIDABOB000000001' },
      'mapping_expired',
      { canonicalArn, expiredAt },
    ],
    [
      'it is pinned to another id',
      { principalId: 'AIDABOB000000001' },
      'principal_recreated',
      { canonicalArn, principalId: 'AIDAALICE0000001' },
    ],
    [
      'its username needs a value that the caller lacks',
      { username: '{{RoleName}}' },
      'username_invalid',
      { rule: 'its username uses {{RoleName}}, which this caller does not have' },
    ],
    [
      'its username is not a template',
      { username: '{{' },
      'username_invalid',
      { rule: expect.stringMatching(/^its username has pairs of braces/) },
    ],
    [
      'a group needs a value that the caller lacks',
      { groups: ['a', 'x{{RoleName}}'] },
      'username_invalid',
      { rule: 'its group x{{RoleName}} uses {{RoleName}}, which this caller does not have' },
    ],
    [
      'it grants a system: group to a whole account',
      { principal: account, groups: ['system:masters'] },
      'username_invalid',
      { rule: 'its group system:masters begins with system:, which a whole account must not have' },
    ],
  ])('because of its content: %s', (_, fields, code, data) => {
    const mapping = storedMapping({ ...plain, ...fields });
    const match = matchEntries(identity, cluster(), { mappings: [mapping], denials: [] }, now);
    const failure: unknown = match.ok && resolveUser(match.value);
    const named = code === 'username_invalid' ? { mappingId: mapping.id, ...data } : data;
    expect(failure).toEqual({ ok: false, failure: { outcome: 'denied', code, data: named } });
  });

  test('only to a whole account if it names a system: group: a single principal gets it', () => {
    const mapping = storedMapping({ ...plain, groups: ['system:masters'] });
    const match = matchEntries(identity, cluster(), { mappings: [mapping], denials: [] }, now);
    expect(match.ok && resolveUser(match.value)).toMatchObject({ ok: true });
  });

  test.each([
    ['no mapping names the caller', {}, 'principal_not_mapped', { canonicalArn, clusterId: 'demo' }],
    ['the cluster is disabled', { disabled: true }, 'cluster_disabled', { clusterId: 'demo' }],
  ])('because of its surroundings: %s', (_, fields, code, data) => {
    const match = matchEntries(identity, cluster(fields), { mappings: [], denials: [] }, now);
    const result: unknown = match.ok ? resolveUser(match.value) : match;
    expect(result).toEqual({ ok: false, failure: { outcome: 'denied', code, data } });
  });

  test('if the caller is denied, even before it is evaluated', () => {
    const denials = [storedDenial({ principal: { arn: canonicalArn }, reason: 'left' })];
    const match = matchEntries(identity, cluster(), { mappings: [], denials }, now);
    expect(match).toEqual({
      ok: false,
      failure: { outcome: 'denied', code: 'principal_denied', data: { canonicalArn } },
    });
  });
});
