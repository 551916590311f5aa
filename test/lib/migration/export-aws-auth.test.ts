import { assert, constantFrom, property, record, stringMatching, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { awsAuthEntries, toAccessEntries, toAwsAuth } from '../../../lib/migration/export-aws-auth.ts';
import { importAwsAuth } from '../../../lib/migration/import-aws-auth.ts';
import { principalKey } from '../../../lib/records/principal.ts';
import { denialId, denialRef } from '../../../lib/records/denial.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import type { Denial, StoredDenial } from '../../../lib/records/denial.ts';
import type { Mapping, StoredMapping } from '../../../lib/records/mapping.ts';
import type { Scope } from '../../../lib/records/scope.ts';
import { mapping, roleArn } from '../../fixtures/records.ts';
import { cases } from '../../fixtures/scale.ts';

const bookkeeping = { version: 1, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };
const now = Date.parse('2026-11-22T00:00:00Z');

function stored(one: Mapping): StoredMapping {
  const ref = { scope: one.scope, principalKey: principalKey(one.principal), owner: one.owner };
  return { ...one, ...ref, ...bookkeeping, id: mappingId(ref) };
}
const storedDenial = (one: Denial): StoredDenial => ({
  ...one,
  ...denialRef(one),
  ...bookkeeping,
  id: denialId(denialRef(one)),
});
const entriesOf = (mappings: readonly Mapping[], denials: readonly Denial[] = []) =>
  awsAuthEntries({ mappings: mappings.map(stored), denials: denials.map(storedDenial), now });

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
  test('export and re-import is the identity, where the format can hold it', () => {
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
        const result = importAwsAuth(toAwsAuth(exported), { scope: 'cluster/demo' });
        expect(result).toMatchObject({ ok: true, imported: { notCarried: [] } });
        const back = result.ok
          ? result.imported.state.mappings.map((one) => ({ ...one, owner: 'manual' }))
          : [];
        expect(new Set(back.map((one) => canonicalJson(stored(one as Mapping))))).toEqual(
          new Set(mappings.map((one) => canonicalJson(stored(one)))),
        );
      }),
      { numRuns: cases(50, 1000) },
    );
  });

  test('mappings of one principal add up, and the narrowest names it', () => {
    const scopes: readonly Scope[] = ['all', 'cluster/demo', 'set/prod'];
    const mappings = scopes.map((scope, index) =>
      mapping('A', { scope, username: `u${index}`, groups: [`g${index}`] }),
    );
    expect(entriesOf(mappings).entries).toEqual([
      { arn: roleArn('A'), kind: 'role', username: 'u1', groups: ['g0', 'g1', 'g2'] },
    ]);
  });

  test('placeholders of our own are filled in, role paths are stripped', () => {
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
      'permission sets',
      mapping('', { principal: { permissionSet: { accountId: '111122223333', name: 'Admin' } } }),
      /suffix/,
    ],
    ['accounts', mapping('', { principal: { accountId: '111122223333' } }), /mapAccounts/],
    ['roots', mapping('', { principal: { arn: 'arn:aws:iam::111122223333:root' } }), /roles and users only/],
    ['what has an end', mapping('A', { expiresAt: '2027-01-01T00:00:00Z' }), /for ever/],
    ['what has ended', mapping('A', { expiresAt: '2026-01-01T00:00:00Z' }), /expired/],
  ])('listed, not exported: %s', (_name, one, why) => {
    const { entries, notExported } = entriesOf([one]);
    expect(entries).toEqual([]);
    expect(notExported).toEqual([{ mappingId: stored(one).id, message: expect.stringMatching(why) }]);
  });

  test.each<[string, Denial]>([
    ['its ARN', { principal: { arn: roleArn('A') }, reason: 'r' }],
    ['its account', { principal: { accountId: '111122223333' }, reason: 'r' }],
    ['its pin', { principalId: 'AROAEXAMPLEEXAMPLE01', reason: 'r' }],
  ])('who is denied by %s is not let in by way of EKS', (_name, denial) => {
    const { entries, notExported } = entriesOf(
      [mapping('A', { principalId: 'AROAEXAMPLEEXAMPLE01' })],
      [denial],
    );
    expect(entries).toEqual([]);
    expect(notExported).toMatchObject([{ message: expect.stringContaining('is denied') }]);
  });

  test('a pin is lost, and listed', () => {
    const { entries, notExported } = entriesOf([mapping('A', { principalId: 'AROAEXAMPLEEXAMPLE01' })]);
    expect(entries).toHaveLength(1);
    expect(notExported).toMatchObject([{ message: expect.stringContaining('pin') }]);
  });
});

describe('export to access entries', () => {
  test('what EKS refuses is listed', () => {
    const { entries, notExported } = toAccessEntries(
      entriesOf([
        mapping('ok', { username: 'ops:{{SessionName}}', groups: ['developers'] }),
        mapping('masters', { groups: ['system:masters'] }),
        mapping('reserved', { username: 'aws:x' }),
        mapping('colon', { username: 'ops-{{SessionName}}' }),
      ]),
    );
    expect(entries).toEqual([
      { principalArn: roleArn('ok'), username: 'ops:{{SessionName}}', kubernetesGroups: ['developers'] },
    ]);
    expect(notExported).toHaveLength(3);
  });
});
