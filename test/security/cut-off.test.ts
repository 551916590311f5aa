/** Cut off means cut off: a denied caller is refused, or the admin was warned of what stays open when the denial was written. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecurityFixture } from './fixture.ts';
import type { SecurityFixture } from './fixture.ts';
import { Scene } from './scene.ts';
import { waysOfKeys } from './ways/keys.ts';
import { waysOfOthers } from './ways/others.ts';
import { waysOfPermissionSets } from './ways/permission-sets.ts';
import { waysOfRoles } from './ways/roles.ts';
import { waysOfUsers } from './ways/users.ts';
import type { Way } from './ways/way.ts';

const ways: readonly Way[] = [
  ...waysOfUsers,
  ...waysOfRoles,
  ...waysOfPermissionSets,
  ...waysOfKeys,
  ...waysOfOthers,
];

let fixture: SecurityFixture;
beforeAll(async () => {
  fixture = await createSecurityFixture();
});
afterAll(() => fixture.close());

const reason = 'left the company';
const beginningWith = (code: string): unknown =>
  expect.arrayContaining([expect.stringMatching(`^${code}: `)]);

/** A scene whose user has been let in, so that the reviewer has the identity in its cache. */
async function openScene(): Promise<Scene> {
  const scene = new Scene(fixture);
  await scene.mapDave();
  expect(await fixture.review(scene.signedBefore)).toMatchObject({ authenticated: true, username: 'dave' });
  return scene;
}

const refused = ways.filter(({ warned }) => warned === undefined);
const warned = ways.filter(
  (way): way is Way & Required<Pick<Way, 'warned' | 'instead'>> => way.warned !== undefined,
);

test('the ways round a denial are forty or more, each with a name of its own', () => {
  expect(ways.length).toBeGreaterThanOrEqual(40);
  expect(new Set(ways.map(({ denied, does }) => `${denied}: ${does}`)).size).toBe(ways.length);
});

describe('a denial', () => {
  test.concurrent.each(refused)(
    'of $denied holds against a caller who $does',
    async ({ denial, tries, clusterId, apiVersion, code }) => {
      const scene = await openScene();
      await fixture.deny(denial(scene));
      const options = { ...(clusterId && { clusterId }), ...(apiVersion && { apiVersion }) };
      expect(await fixture.review(await tries(scene), options)).toMatchObject({
        authenticated: false,
        code: code ?? 'principal_denied',
      });
    },
  );
});

describe('a denial warns when it is written and wherever it is read, and one of what it names holds', () => {
  test.concurrent.each(warned)(
    'of $denied: a caller who $does',
    async ({ denial, tries, warned: code, instead }) => {
      const scene = await openScene();
      const written = await fixture.deny(denial(scene));
      expect(written.warnings).toEqual(beginningWith(code));
      const shown = await fixture.request('GET', `/v1/denials/${written.id}`);
      expect(shown.warnings).toEqual(beginningWith(code));
      const token = await tries(scene);
      expect(await fixture.review(token)).toMatchObject({ authenticated: true });
      await fixture.deny(instead(scene));
      expect(await fixture.review(token)).toMatchObject({ authenticated: false, code: 'principal_denied' });
    },
  );
});

test('a denial of a user, who renames, holds after a state that lists only the ARN was applied', async () => {
  const scene = await openScene();
  await fixture.deny({ principal: { arn: scene.arn('user/dave') } });
  expect(await fixture.review(await scene.afterApply())).toMatchObject({ code: 'principal_denied' });
});

test('a denial of a user is not revealed by whoami, which answers as for a caller whom no entry names', async () => {
  const scene = await openScene();
  await fixture.deny({ principal: { arn: scene.arn('user/dave') } });
  expect(await fixture.whoami(scene.token(scene.daveKey))).toBe('principal_not_mapped');
});

test('a denial does not expire, and no field can limit it', async () => {
  const scene = await openScene();
  const body = { principal: { arn: scene.arn('user/dave') }, reason, expiresAt: '2020-01-01T00:00:00Z' };
  const answer = await fixture.admin.ask({ method: 'POST', path: '/v1/denials', body });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'expiresAt' }] } });
});

test('a denial by an ARN of another partition does not match the caller', async () => {
  const scene = await openScene();
  const arn = scene.arn('user/dave').replace('arn:aws:', 'arn:aws-cn:');
  await fixture.deny({ principal: { arn } });
  const body = { clusterId: 'demo', arn: scene.arn('user/dave'), principalId: scene.dave.id };
  expect(await fixture.request('POST', '/v1/explain', body)).toMatchObject({
    code: 'verified',
    nearDenials: expect.arrayContaining([expect.objectContaining({ differs: 'partition' })]),
  });
});
