import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAwsServer } from '../../../dev/stand-ins/server.ts';
import type { AwsAccounts } from '../../../dev/stand-ins/service/accounts.ts';
import { createGroupReader, createIamReader, type GroupPage } from '../../../lib/sync/iam.ts';
import type { GroupSource } from '../../../lib/sync/read.ts';
import { demoAccounts, keysOf } from '../../dev/demo-accounts.ts';

const developers = 'arn:aws:iam::111122223333:group/developers';
const data = 'arn:aws:iam::444455556666:group/data';
const reader = {
  readerRoleArn: 'arn:aws:iam::444455556666:role/CountersignGroupReader',
  externalId: 'countersign-demo',
};

describe('the IAM reader, over signed HTTP against the stand-in for IAM', () => {
  let accounts: AwsAccounts = demoAccounts();
  /** The number of requests that still get Throttling: IAM counts a caller's requests, whatever they are for. */
  let throttled = 0;
  let requests = 0;
  const slowDown = (from: AwsAccounts): AwsAccounts => ({
    ...from,
    groups: from.groups.map((group) => ({ ...group, fault: 'Throttling' })),
  });
  const server = createAwsServer({
    accounts: () => {
      requests += 1;
      throttled -= 1;
      return throttled >= 0 ? slowDown(accounts) : accounts;
    },
    now: Date.now,
  });
  let endpoint: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const read = (source: GroupSource) => {
    accounts = demoAccounts();
    requests = 0;
    const credentials = keysOf(accounts, 'countersign');
    return createIamReader({ region: 'eu-central-1', endpoint, credentials })(source);
  };

  test('reads a group to its last page, past empty pages', async () => {
    const reading = await read({ iamGroup: developers });
    expect(reading).toMatchObject({ outcome: 'read' });
    expect(reading.outcome === 'read' && reading.members.map((member) => member.userName)).toEqual([
      'alice',
      'bob',
      'dave',
    ]);
  });

  test('reads a group of another account through its reader role, with the external id', async () => {
    expect(await read({ iamGroup: data, ...reader })).toMatchObject({ outcome: 'read' });
  });

  test('retries a throttled page after a wait, and no member is missing', async () => {
    throttled = 2;
    const began = performance.now();
    expect(await read({ iamGroup: developers })).toMatchObject({ outcome: 'read', members: { length: 3 } });
    // Three pages, of which some are empty, and two throttled requests.
    expect(requests).toBe(5);
    expect(performance.now() - began).toBeGreaterThan(1);
  });

  test('reports a group that stays throttled as unreadable after eight attempts, with jitter between them', async () => {
    // Full jitter: with a random number of 0 there is no wait.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    throttled = 1000;
    const began = performance.now();
    expect(await read({ iamGroup: developers })).toEqual({
      outcome: 'unreadable',
      detail: `${developers} could not be read: Throttling.`,
    });
    throttled = 0;
    expect(requests).toBe(8);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each([
    ['a group that does not exist', { iamGroup: 'arn:aws:iam::111122223333:group/nobody' }, 'NoSuchEntity'],
    [
      'a reader role with a wrong external id',
      { iamGroup: data, ...reader, externalId: 'wrong' },
      'AccessDenied',
    ],
    [
      'a group under another path',
      { iamGroup: 'arn:aws:iam::111122223333:group/teams/developers' },
      developers,
    ],
  ])('reports %s as unreadable, with the reason', async (_name, source, detail) => {
    expect(await read(source)).toEqual({ outcome: 'unreadable', detail: expect.stringContaining(detail) });
  });

  test.each([
    ['an ARN that is not of a group', { iamGroup: 'arn:aws:iam::111122223333:user/alice' }],
    ['a reader role of another account', { iamGroup: developers, ...reader }],
    [
      'a reader role of another name',
      { iamGroup: data, readerRoleArn: 'arn:aws:iam::444455556666:role/Admin', externalId: 'x' },
    ],
  ])('refuses %s without a request', async (_name, source) => {
    expect(await read(source)).toMatchObject({ outcome: 'refused' });
  });
});

describe('the pages of a group', () => {
  const group = {
    Arn: developers,
    Path: '/',
    GroupName: 'developers',
    GroupId: 'AGPA',
    CreateDate: new Date(0),
  };
  const user = (name: string): NonNullable<GroupPage['Users']>[number] => ({
    Arn: `arn:aws:iam::111122223333:user/${name}`,
    UserName: name,
    UserId: `AIDA${name}`,
    Path: '/',
    CreateDate: new Date(0),
  });
  const readPages = (pages: readonly (GroupPage | Error)[]) => {
    let next = 0;
    return createGroupReader(async () => async () => {
      const page = pages[next++];
      if (page === undefined || page instanceof Error) throw page ?? new Error('no more pages');
      return page;
    })({ iamGroup: developers });
  };
  const first = { Group: group, Users: [user('alice')], IsTruncated: true, Marker: '1' };

  test.each<[string, readonly (GroupPage | Error)[]]>([
    ['a fault on the second page', [first, Object.assign(new Error(), { name: 'Throttling' })]],
    ['a repeated marker', [first, { ...first, Users: [] }, first]],
    ['a truncated page without a marker', [{ Group: group, Users: [user('alice')], IsTruncated: true }]],
    ['a page without the group', [{ Group: undefined, Users: [], IsTruncated: false }]],
    ['a user without an id', [{ ...first, Users: [{ ...user('alice'), UserId: undefined }] }]],
    ['a user whose ARN has another name', [{ ...first, Users: [{ ...user('alice'), UserName: 'bob' }] }]],
  ])('with %s make the whole group unreadable', async (_name, pages) => {
    expect(await readPages(pages)).toMatchObject({ outcome: 'unreadable' });
  });

  test.each([
    ['of another account', 'arn:aws:iam::444455556666:group/developers'],
    ['under another path', 'arn:aws:iam::111122223333:group/old/developers'],
    ['whose name differs in case', 'arn:aws:iam::111122223333:group/Developers'],
  ])('of a group %s are no reading of the requested group', async (_name, Arn) => {
    expect(await readPages([{ ...first, Group: { ...group, Arn }, IsTruncated: false }])).toEqual({
      outcome: 'unreadable',
      detail: `IAM returned ${Arn} for ${developers}.`,
    });
  });

  test('of which a later one is of another group are no reading of the requested group', async () => {
    const other = { ...group, Arn: 'arn:aws:iam::444455556666:group/developers' };
    expect(await readPages([first, { ...first, Group: other, IsTruncated: false }])).toMatchObject({
      outcome: 'unreadable',
    });
  });

  test('of which two list the same member have that member once', async () => {
    const reading = await readPages([first, { ...first, IsTruncated: false }]);
    expect(reading).toMatchObject({ outcome: 'read', members: [{ userName: 'alice' }] });
  });

  test('with an error never show the message of AWS, which can quote the request', async () => {
    const secret = Object.assign(new Error('Credential=AKIA/secret'), { name: 'AccessDenied' });
    const reading = await readPages([secret]);
    expect(reading).toEqual({
      outcome: 'unreadable',
      detail: expect.stringContaining(`${developers} could not be read: AccessDenied, `),
    });
    expect(JSON.stringify(reading)).not.toContain('Credential');
  });
});
