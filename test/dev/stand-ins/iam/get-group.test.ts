import { describe, expect, test } from 'vitest';
import type { AwsAccounts } from '../../../../dev/stand-ins/service/accounts.ts';
import {
  ask,
  credentialsIn,
  demoAccounts,
  keysOf,
  signed,
  type Answer,
  type Keys,
} from '../../demo-accounts.ts';

const accounts = demoAccounts();
const reader = keysOf(accounts, 'countersign');

const getGroup = (on: AwsAccounts, keys: Keys, name: string, more: Record<string, string> = {}): Answer =>
  ask(on, signed({ Action: 'GetGroup', GroupName: name, ...more }, keys, { service: 'iam' }), 'iam');

/** Every page, as `names of its users` followed by `+` where it says that there is more. */
function pages(on: AwsAccounts, keys: Keys, name: string): string[] {
  const seen: string[] = [];
  let marker: string | undefined;
  do {
    const answer = getGroup(on, keys, name, marker === undefined ? {} : { Marker: marker });
    marker = answer.text('Marker');
    seen.push(`${answer.texts('UserName').join(' ')}${answer.text('IsTruncated') === 'true' ? '+' : ''}`);
  } while (marker !== undefined && seen.length < 20);
  return seen;
}

const withGroups = (
  change: (groups: { name: string; members: string[]; fault?: string }[]) => void,
): AwsAccounts => demoAccounts((aws) => change((aws.accounts[0] as { groups: never[] }).groups));

describe('GetGroup of the stand-in for IAM', () => {
  test('returns the group and its members as IAM does', () => {
    const answer = getGroup(accounts, reader, 'platform');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<GetGroupResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">');
    expect(answer.texts('Arn')).toStrictEqual([
      'arn:aws:iam::111122223333:user/platform/carol',
      'arn:aws:iam::111122223333:group/teams/platform',
    ]);
    expect(answer.texts('UserId')).toStrictEqual(['AIDADEMOCAROL00000001']);
  });

  test('returns pages of the size in the fixture, with empty pages between', () => {
    expect(pages(accounts, reader, 'developers')).toStrictEqual(['alice bob+', '+', 'dave']);
  });

  test('returns no empty page if the fixture has iamEmptyPages off', () => {
    const plain = demoAccounts((aws) => Object.assign(aws, { iamEmptyPages: false }));
    expect(pages(plain, reader, 'developers')).toStrictEqual(['alice bob+', 'dave']);
  });

  test('returns fewer members if the request asks for fewer', () => {
    const answer = getGroup(accounts, reader, 'developers', { MaxItems: '1' });
    expect([answer.texts('UserName'), answer.text('IsTruncated')]).toStrictEqual([['alice'], 'true']);
  });

  test('returns every other member if one leaves between two pages', () => {
    const marker = getGroup(accounts, reader, 'developers').text('Marker')!;
    const left = withGroups((groups) => {
      groups[0]!.members = ['bob', 'dave'];
    });
    const gap = getGroup(left, reader, 'developers', { Marker: marker });
    const rest = getGroup(left, reader, 'developers', { Marker: gap.text('Marker')! });
    expect(rest.texts('UserName')).toStrictEqual(['dave']);
  });

  test('returns one empty page for an empty group', () => {
    const empty = withGroups((groups) => {
      groups[0]!.members = [];
    });
    expect(pages(empty, reader, 'developers')).toStrictEqual(['']);
  });

  test.each([
    ['a group that does not exist', reader, 'nobody', {}, 404, 'NoSuchEntity'],
    ['a group of another account', reader, 'data', {}, 404, 'NoSuchEntity'],
    ['a caller without the permission', keysOf(accounts, 'alice'), 'developers', {}, 403, 'AccessDenied'],
    [
      'a wrong secret',
      { ...reader, secretAccessKey: 'wrong' },
      'developers',
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['an invalid name', reader, 'a/b', {}, 400, 'ValidationError'],
    ['an invalid marker', reader, 'developers', { Marker: 'AAAA' }, 400, 'ValidationError'],
    ['zero items', reader, 'developers', { MaxItems: '0' }, 400, 'ValidationError'],
  ] as const)('refuses %s with an error of IAM', (_, keys, name, more, status, code) => {
    const answer = getGroup(accounts, keys, name, more);
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, code]);
  });

  test.each([
    ['AccessDenied', 403],
    ['Throttling', 400],
  ])('answers with the fault of the fixture: %s, status %i', (fault, status) => {
    const faulty = withGroups((groups) => {
      groups[0]!.fault = fault;
    });
    const answer = getGroup(faulty, reader, 'developers');
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, fault]);
  });

  test('reads another account through its reader role, and only that account', () => {
    const assumed = ask(
      accounts,
      signed(
        {
          Action: 'AssumeRole',
          RoleArn: 'arn:aws:iam::444455556666:role/CountersignGroupReader',
          RoleSessionName: 'sync',
          ExternalId: 'countersign-demo',
        },
        reader,
      ),
    );
    const keys = credentialsIn(assumed);
    expect(pages(accounts, keys, 'data')).toStrictEqual(['erin frank']);
    expect(getGroup(accounts, keys, 'developers').text('Code')).toBe('NoSuchEntity');
  });
});
