import { describe, expect, it } from 'vitest';
import type { World } from '../../../dev/stand-ins/world.ts';
import { ask, credentialsIn, demoWorld, keysOf, signed, type Answer, type Keys } from '../world.ts';

const world = demoWorld();
const reader = keysOf(world, 'countersign');

const getGroup = (on: World, keys: Keys, name: string, more: Record<string, string> = {}): Answer =>
  ask(on, signed({ Action: 'GetGroup', GroupName: name, ...more }, keys, { service: 'iam' }), 'iam');

/** Every page, as `names of its users` followed by `+` where it says that there is more. */
function pages(on: World, keys: Keys, name: string): string[] {
  const seen: string[] = [];
  let marker: string | undefined;
  do {
    const answer = getGroup(on, keys, name, marker === undefined ? {} : { Marker: marker });
    marker = answer.text('Marker');
    seen.push(`${answer.texts('UserName').join(' ')}${answer.text('IsTruncated') === 'true' ? '+' : ''}`);
  } while (marker !== undefined && seen.length < 20);
  return seen;
}

const withGroups = (change: (groups: { name: string; members: string[]; fault?: string }[]) => void): World =>
  demoWorld((aws) => change((aws.accounts[0] as { groups: never[] }).groups));

describe('GetGroup', () => {
  it('gives the group and its members as IAM does', () => {
    const answer = getGroup(world, reader, 'platform');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<GetGroupResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">');
    expect(answer.texts('Arn')).toStrictEqual([
      'arn:aws:iam::111122223333:user/platform/carol',
      'arn:aws:iam::111122223333:group/teams/platform',
    ]);
    expect(answer.texts('UserId')).toStrictEqual(['AIDADEMOCAROL00000001']);
  });

  it('pages by the size of the fixture, with empty pages between', () => {
    expect(pages(world, reader, 'developers')).toStrictEqual(['alice bob+', '+', 'dave']);
  });

  it('gives no empty page where the fixture wants none', () => {
    const plain = demoWorld((aws) => Object.assign(aws, { iamEmptyPages: false }));
    expect(pages(plain, reader, 'developers')).toStrictEqual(['alice bob+', 'dave']);
  });

  it('gives fewer members where the request asks for fewer', () => {
    const answer = getGroup(world, reader, 'developers', { MaxItems: '1' });
    expect([answer.texts('UserName'), answer.text('IsTruncated')]).toStrictEqual([['alice'], 'true']);
  });

  it('hides nobody when a member leaves between two pages', () => {
    const marker = getGroup(world, reader, 'developers').text('Marker')!;
    const left = withGroups((groups) => {
      groups[0]!.members = ['bob', 'dave'];
    });
    const gap = getGroup(left, reader, 'developers', { Marker: marker });
    const rest = getGroup(left, reader, 'developers', { Marker: gap.text('Marker')! });
    expect(rest.texts('UserName')).toStrictEqual(['dave']);
  });

  it('an empty group is empty', () => {
    const empty = withGroups((groups) => {
      groups[0]!.members = [];
    });
    expect(pages(empty, reader, 'developers')).toStrictEqual(['']);
  });

  it.each([
    ['a group that there is not', reader, 'nobody', {}, 404, 'NoSuchEntity'],
    ['a group of another account', reader, 'data', {}, 404, 'NoSuchEntity'],
    ['a caller who may not', keysOf(world, 'alice'), 'developers', {}, 403, 'AccessDenied'],
    [
      'a wrong secret',
      { ...reader, secretAccessKey: 'wrong' },
      'developers',
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['a name that is none', reader, 'a/b', {}, 400, 'ValidationError'],
    ['a marker that is none', reader, 'developers', { Marker: 'AAAA' }, 400, 'ValidationError'],
    ['no items', reader, 'developers', { MaxItems: '0' }, 400, 'ValidationError'],
  ] as const)('refuses %s', (_, keys, name, more, status, code) => {
    const answer = getGroup(world, keys, name, more);
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, code]);
  });

  it.each([
    ['AccessDenied', 403],
    ['Throttling', 400],
  ])('answers with the fault of the fixture: %s', (fault, status) => {
    const faulty = withGroups((groups) => {
      groups[0]!.fault = fault;
    });
    const answer = getGroup(faulty, reader, 'developers');
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, fault]);
  });

  it('reads another account through its reader role, and only that account', () => {
    const assumed = ask(
      world,
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
    expect(pages(world, keys, 'data')).toStrictEqual(['erin frank']);
    expect(getGroup(world, keys, 'developers').text('Code')).toBe('NoSuchEntity');
  });
});

describe('GetUser and GetRole', () => {
  const trusted = demoWorld((aws) => {
    const { users } = aws.accounts[0] as { users: { name: string; allow?: string[] }[] };
    users.find(({ name }) => name === 'countersign')!.allow = ['iam:GetUser', 'iam:GetRole'];
  });
  const get = (parameters: Record<string, string>, keys = reader): Answer =>
    ask(trusted, signed(parameters, keys, { service: 'iam' }), 'iam');

  it('describe whom they are asked for', () => {
    expect(get({ Action: 'GetUser', UserName: 'carol' }).text('Arn')).toBe(
      'arn:aws:iam::111122223333:user/platform/carol',
    );
    const role = get({ Action: 'GetRole', RoleName: 'Deployer' });
    expect(role.text('RoleId')).toBe('AROADEMODEPLOYER00001');
    expect(JSON.parse(decodeURIComponent(role.text('AssumeRolePolicyDocument')!))).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': 'deploy-from-ci' } } }],
    });
  });

  it('GetUser without a name describes the caller, who needs no permission for it', () => {
    expect(get({ Action: 'GetUser' }, keysOf(world, 'alice')).text('UserName')).toBe('alice');
  });

  it.each([
    [{ Action: 'GetUser', UserName: 'nobody' }, 404, 'NoSuchEntity'],
    [{ Action: 'GetRole', RoleName: 'nobody' }, 404, 'NoSuchEntity'],
    [{ Action: 'ListUsers' }, 400, 'InvalidAction'],
  ] as const)('refuse %o', (parameters, status, code) => {
    const answer = get(parameters);
    expect([answer.status, answer.text('Code')]).toStrictEqual([status, code]);
  });
});
