import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAwsServer } from '../../../dev/stand-ins/server.ts';
import type { World } from '../../../dev/stand-ins/world.ts';
import { createGroupReader, createIamReader, type GroupPage } from '../../../lib/sync/iam.ts';
import type { GroupSource } from '../../../lib/sync/read-groups.ts';
import { demoWorld, keysOf } from '../../dev/world.ts';

const developers = 'arn:aws:iam::111122223333:group/developers';
const data = 'arn:aws:iam::444455556666:group/data';
const reader = {
  readerRoleArn: 'arn:aws:iam::444455556666:role/CountersignGroupReader',
  externalId: 'countersign-demo',
};

describe('over HTTP, signed, against the stand-in for IAM', () => {
  let world: World = demoWorld();
  /** Answers that are still to be Throttling: IAM counts a caller's requests, whatever they are for. */
  let throttled = 0;
  let requests = 0;
  const slowDown = (from: World): World => ({
    ...from,
    groups: from.groups.map((group) => ({ ...group, fault: 'Throttling' })),
  });
  const server = createAwsServer({
    world: () => {
      requests += 1;
      throttled -= 1;
      return throttled >= 0 ? slowDown(world) : world;
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
    world = demoWorld();
    requests = 0;
    const credentials = keysOf(world, 'countersign');
    return createIamReader({ region: 'eu-central-1', endpoint, credentials })(source);
  };

  test('a group is read to its last page, past empty ones', async () => {
    const reading = await read({ iamGroup: developers });
    expect(reading).toMatchObject({ outcome: 'read' });
    expect(reading.outcome === 'read' && reading.members.map((member) => member.userName)).toEqual([
      'alice',
      'bob',
      'dave',
    ]);
  });

  test('a group of another account is read through its reader role, with the external id', async () => {
    expect(await read({ iamGroup: data, ...reader })).toMatchObject({ outcome: 'read' });
  });

  test('a throttled page is asked for again, after a wait, and nobody is missing', async () => {
    throttled = 2;
    const began = performance.now();
    expect(await read({ iamGroup: developers })).toMatchObject({ outcome: 'read', members: { length: 3 } });
    // Three answers have members or are empty, two were thrown away.
    expect(requests).toBe(5);
    expect(performance.now() - began).toBeGreaterThan(1);
  });

  test('a group that stays throttled is unreadable after eight attempts; the waits have jitter', async () => {
    // All of the wait is drawn by lot: where the lot says nothing, there is none.
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
    ['a group that is not there', { iamGroup: 'arn:aws:iam::111122223333:group/nobody' }, 'NoSuchEntity'],
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
  ])('%s is unreadable, and the detail says why', async (_name, source, detail) => {
    expect(await read(source)).toEqual({ outcome: 'unreadable', detail: expect.stringContaining(detail) });
  });

  test.each([
    ['what is not the ARN of a group', { iamGroup: 'arn:aws:iam::111122223333:user/alice' }],
    ['a reader role of another account', { iamGroup: developers, ...reader }],
    [
      'a reader role of another name',
      { iamGroup: data, readerRoleArn: 'arn:aws:iam::444455556666:role/Admin', externalId: 'x' },
    ],
  ])('%s is refused without a request', async (_name, source) => {
    expect(await read(source)).toMatchObject({ outcome: 'refused' });
  });
});

describe('pages', () => {
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
    ['a marker that comes twice', [first, { ...first, Users: [] }, first]],
    [
      'a page that is truncated and has no marker',
      [{ Group: group, Users: [user('alice')], IsTruncated: true }],
    ],
    ['an answer without the group', [{ Group: undefined, Users: [], IsTruncated: false }]],
    ['a user without an id', [{ ...first, Users: [{ ...user('alice'), UserId: undefined }] }]],
    ['a user whose ARN is of another name', [{ ...first, Users: [{ ...user('alice'), UserName: 'bob' }] }]],
  ])('%s makes the whole group unreadable', async (_name, pages) => {
    expect(await readPages(pages)).toMatchObject({ outcome: 'unreadable' });
  });

  test.each([
    ['of another account', 'arn:aws:iam::444455556666:group/developers'],
    ['under another path', 'arn:aws:iam::111122223333:group/old/developers'],
    ['whose name differs in case', 'arn:aws:iam::111122223333:group/Developers'],
  ])('an answer about a group %s is no reading of the group that was asked for', async (_name, Arn) => {
    expect(await readPages([{ ...first, Group: { ...group, Arn }, IsTruncated: false }])).toEqual({
      outcome: 'unreadable',
      detail: `IAM answered with ${Arn} for ${developers}.`,
    });
  });

  test('nor is it on a later page', async () => {
    const other = { ...group, Arn: 'arn:aws:iam::444455556666:group/developers' };
    expect(await readPages([first, { ...first, Group: other, IsTruncated: false }])).toMatchObject({
      outcome: 'unreadable',
    });
  });

  test('a member that two pages list is one member', async () => {
    const reading = await readPages([first, { ...first, IsTruncated: false }]);
    expect(reading).toMatchObject({ outcome: 'read', members: [{ userName: 'alice' }] });
  });

  test('what AWS says in words stays out of the report: it can quote the request', async () => {
    const secret = Object.assign(new Error('Credential=AKIA/secret'), { name: 'AccessDenied' });
    const reading = await readPages([secret]);
    expect(reading).toEqual({
      outcome: 'unreadable',
      detail: expect.stringContaining(`${developers} could not be read: AccessDenied, `),
    });
    expect(JSON.stringify(reading)).not.toContain('Credential');
  });
});
