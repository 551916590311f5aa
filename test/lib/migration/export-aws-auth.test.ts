import { assert, constantFrom, property, record, stringMatching, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { awsAuthEntries, toAwsAuth } from '../../../lib/migration/export-aws-auth.ts';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import type { Denial } from '../../../lib/records/denial.ts';
import type { Mapping } from '../../../lib/records/mapping.ts';
import type { Scope } from '../../../lib/records/scope.ts';
import { mapping, roleArn } from '../../fixtures/records.ts';
import { cases } from '../../fixtures/scale.ts';
import { entriesOf, stored } from './export-support.ts';

const name = stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const exportable = record({
  kind: constantFrom('role', 'user'),
  name,
  username: constantFrom('a', 'x:{{AccountID}}', 'k:{{AccessKeyID}}', "it's: #odd", '- dash'),
  groups: uniqueArray(constantFrom('developers', 'system:masters', 'a b', '"quoted"'), {
    maxLength: 3,
  }),
});

describe('export to aws-auth', () => {
  test('mappings that aws-auth can hold are the same after export and import', () => {
    assert(
      property(uniqueArray(exportable, { selector: (one) => `${one.kind}/${one.name}` }), (all) => {
        const mappings = all.map(({ kind, name, username, groups }) =>
          mapping(name, {
            principal: { arn: `arn:aws:iam::111122223333:${kind}/${name}` },
            username,
            groups: groups.toSorted(),
          }),
        );
        const exported = entriesOf(mappings);
        expect(exported.notExported).toEqual([]);
        const result = importAwsAuth(toAwsAuth(exported), 'cluster/demo');
        expect(result).toMatchObject({ ok: true, value: { notCarried: [] } });
        const back = result.ok ? result.value.state.mappings.map((one) => ({ ...one, owner: 'manual' })) : [];
        expect(new Set(back.map((one) => canonicalJson(stored(one as Mapping))))).toEqual(
          new Set(mappings.map((one) => canonicalJson(stored(one)))),
        );
      }),
      { numRuns: cases(50, 1000) },
    );
  });

  test('a mapping under a former key is not exported, and a denial under one counts', () => {
    const arn = 'arn:aws:iam::111122223333:user/x/dave';
    const dave = stored(mapping('', { principal: { arn } }));
    const now = 0;
    const denials = [{ principalKey: arn }];
    expect(awsAuthEntries({ mappings: [{ ...dave, staleKey: true }], denials: [], now })).toMatchObject({
      entries: [],
      notExported: [{ message: expect.stringContaining('under a key of an earlier version') }],
    });
    expect(awsAuthEntries({ mappings: [dave], denials, now })).toMatchObject({
      entries: [],
      notExported: [{ message: expect.stringContaining('is denied') }],
    });
  });

  test('mappings of one principal are merged, and the narrowest scope names the user', () => {
    const scopes: readonly Scope[] = ['all', 'cluster/demo', 'set/prod'];
    const mappings = scopes.map((scope, index) =>
      mapping('A', { scope, username: `u${index}`, groups: [`g${index}`] }),
    );
    expect(entriesOf(mappings).entries).toEqual([
      { arn: roleArn('A'), kind: 'role', username: 'u1', groups: ['g0', 'g1', 'g2'] },
    ]);
  });

  test('placeholders that EKS does not know are filled in, and role paths are removed', () => {
    const user = mapping('x', {
      principal: { arn: 'arn:aws:iam::111122223333:user/dev/Alice' },
      username: 'aws:{{AccountID}}:{{UserName}}',
    });
    const role = mapping('p/R', { username: '{{RoleName}}' });
    expect(entriesOf([user, role]).entries.map(({ arn, username }) => [arn, username])).toEqual([
      [roleArn('R'), 'R'],
      ['arn:aws:iam::111122223333:user/dev/Alice', 'aws:{{AccountID}}:Alice'],
    ]);
  });

  test.each<[string, Mapping, RegExp]>([
    [
      'a permission set',
      mapping('', { principal: { permissionSet: { accountId: '111122223333', name: 'Admin' } } }),
      /suffix/,
    ],
    ['an account', mapping('', { principal: { accountId: '111122223333' } }), /mapAccounts/],
    [
      'a root user',
      mapping('', { principal: { arn: 'arn:aws:iam::111122223333:root' } }),
      /roles and users only/,
    ],
    ['a mapping that will expire', mapping('A', { expiresAt: '2027-01-01T00:00:00Z' }), /for ever/],
    ['an expired mapping', mapping('A', { expiresAt: '2026-01-01T00:00:00Z' }), /expired/],
  ])('a mapping is reported, not exported: %s', (_name, one, why) => {
    const { entries, notExported } = entriesOf([one]);
    expect(entries).toEqual([]);
    expect(notExported).toEqual([{ mappingId: stored(one).id, message: expect.stringMatching(why) }]);
  });

  test.each<[string, Denial]>([
    ['its ARN', { principal: { arn: roleArn('A') }, reason: 'r' }],
    ['its account', { principal: { accountId: '111122223333' }, reason: 'r' }],
    ['its pin', { principalId: 'AROAEXAMPLEEXAMPLE01', reason: 'r' }],
  ])('a principal that is denied by %s is not exported', (_name, denial) => {
    const { entries, notExported } = entriesOf(
      [mapping('A', { principalId: 'AROAEXAMPLEEXAMPLE01' })],
      [denial],
    );
    expect(entries).toEqual([]);
    expect(notExported).toMatchObject([{ message: expect.stringContaining('is denied') }]);
  });

  test('a mapping with a pin is exported without it, and the pin reported', () => {
    const { entries, notExported } = entriesOf([mapping('A', { principalId: 'AROAEXAMPLEEXAMPLE01' })]);
    expect(entries).toHaveLength(1);
    expect(notExported).toMatchObject([{ message: expect.stringContaining('pin') }]);
  });
});
