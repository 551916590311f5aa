import { describe, expect, test } from 'vitest';
import { ok } from '../../../lib/errors.ts';
import { allowedProfiles, instanceQuestion, verifyInstance } from '../../../lib/resolve/instance.ts';
import type { Instance } from '../../../lib/resolve/instance.ts';
import { caller, storedMapping } from './builders.ts';

const instanceId = 'i-0123456789abcdef0';
const running: Instance = {
  instanceId,
  accountId: '111122223333',
  state: 'running',
  instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/Node',
  privateDnsName: 'ip-10-0-0-1.ec2.internal',
};

test('a role is allowed the profile of its name by default, a user none', () => {
  const fields = { scope: 'all', username: 'system:node:{{EC2PrivateDNSName}}', groups: [] } as const;
  const principal = { accountId: '111122223333' };
  const role = caller('arn:aws:sts::111122223333:assumed-role/Node/i-01234567');
  const user = caller('arn:aws:iam::111122223333:user/Node');
  const mapping = storedMapping({ ...fields, principal });
  expect(allowedProfiles(mapping, role)).toEqual(['arn:aws:iam::111122223333:instance-profile/Node']);
  expect(allowedProfiles(mapping, user)).toEqual([]);
  expect(verifyInstance(mapping, user, running)).toMatchObject({
    failure: { code: 'instance_not_verified', data: { instanceId: '(none)' } },
  });
});

describe('an instance', () => {
  const node = 'arn:aws:sts::111122223333:assumed-role/Node/i-0123456789abcdef0';
  const mapping = storedMapping({
    scope: 'all',
    principal: { arn: 'arn:aws:iam::111122223333:role/Node' },
    username: 'system:node:{{EC2PrivateDNSName}}',
    groups: [],
  });
  const profile = (path: string): string => `arn:aws:iam::111122223333:instance-profile/${path}`;

  test.each<[string, Partial<Instance>, readonly string[] | undefined]>([
    ['it has the profile of its role', {}, undefined],
    ['its profile has a path', { instanceProfileArn: profile('a/b/Node') }, undefined],
    ['its profile is in another letter case', { instanceProfileArn: profile('NODE') }, undefined],
    ['the mapping names its profile', { instanceProfileArn: profile('B') }, [profile('A'), profile('x/B')]],
  ])('is verified if %s', (_, fields, instanceProfiles) => {
    const verified = verifyInstance({ ...mapping, instanceProfiles }, caller(node), {
      ...running,
      ...fields,
    });
    expect(verified).toEqual(ok('ip-10-0-0-1.ec2.internal'));
  });

  test.each<[string, Partial<Instance>]>([
    ['does not exist', { instanceId: 'i-0123456789abcdef1' }],
    ["is not in the caller's account", { accountId: '444455556666' }],
    ['is stopped, not running', { state: 'stopped' }],
    ['has no private DNS name', { privateDnsName: undefined }],
    ['has no instance profile', { instanceProfileArn: undefined }],
    ['carries an instance profile that the mapping does not name', { instanceProfileArn: profile('Other') }],
    [
      'carries an instance profile that the mapping does not name',
      { instanceProfileArn: profile('Node/Other') },
    ],
  ])('is not verified if it %s: %o', (rule, fields) => {
    expect(verifyInstance(mapping, caller(node), { ...running, ...fields })).toMatchObject({
      ok: false,
      failure: { code: 'instance_not_verified', data: { instanceId, rule } },
    });
  });

  test('is not verified if EC2 does not know it', () => {
    expect(verifyInstance(mapping, caller(node), undefined)).toMatchObject({
      failure: { data: { rule: 'does not exist' } },
    });
  });

  test.each([
    'ann',
    'i-012345678',
    'i-0123456',
    'i-0123456789abcdef01',
    'i-0123456G',
    'xi-01234567',
    'I-01234567',
  ])('is not identified by a session named %s', (session) => {
    const identity = caller(`arn:aws:sts::111122223333:assumed-role/Node/${session}`);
    expect(instanceQuestion(identity)).toBeUndefined();
    expect(verifyInstance(mapping, identity, { ...running, instanceId: session })).toMatchObject({
      failure: {
        data: { instanceId: session, rule: 'is not an instance id, which the session name must be' },
      },
    });
  });

  test.each(['i-01234567', 'i-0123456789abcdef0'])(
    'is looked up in EC2 by a session named %s',
    (instanceId) => {
      const identity = caller(`arn:aws-cn:sts::111122223333:assumed-role/Node/${instanceId}`);
      expect(instanceQuestion(identity)).toEqual({
        instanceId,
        accountId: '111122223333',
        partition: 'aws-cn',
      });
    },
  );

  test('is not identified by a federated user with the name of an instance', () => {
    const identity = caller('arn:aws:sts::111122223333:federated-user/i-01234567');
    expect(instanceQuestion(identity)).toBeUndefined();
  });
});
