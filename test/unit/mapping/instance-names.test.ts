import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../lib/errors.ts';
import { CachedInstances, allowedProfiles, verifyInstance } from '../../../lib/mapping/instance-names.ts';
import type { Instance, InstanceReader } from '../../../lib/mapping/instance-names.ts';
import { caller, storedMapping } from './worlds.ts';

const question = { instanceId: 'i-0123456789abcdef0', accountId: '111122223333', partition: 'aws' } as const;
const running: Instance = {
  instanceId: question.instanceId,
  accountId: question.accountId,
  state: 'running',
  instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/Node',
  privateDnsName: 'ip-10-0-0-1.ec2.internal',
};
const { signal } = new AbortController();

/** A reader that counts, and a clock that stands still until it is moved. */
function world(answer: () => Awaited<ReturnType<InstanceReader['readInstance']>>) {
  const state = { now: 0, asked: 0 };
  const reader: InstanceReader = {
    readInstance: async () => {
      state.asked += 1;
      return answer();
    },
  };
  return { state, cached: new CachedInstances(reader, () => state.now) };
}

describe('the cache of instances', () => {
  test('a running instance is asked for once a minute', async () => {
    const { state, cached } = world(() => ok(running));
    expect(await cached.readInstance(question, signal)).toEqual(ok(running));
    state.now = 59_999;
    expect(await cached.readInstance(question, signal)).toEqual(ok(running));
    expect(state.asked).toBe(1);
    state.now = 60_000;
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(2);
  });

  test.each([
    ['an unknown instance', () => ok(undefined)],
    ['a stopped instance', () => ok({ ...running, state: 'stopped' })],
    ['a failure', () => unavailable('ec2_unavailable', { cause: 'test' })],
  ])('%s is asked for each time', async (_name, answer) => {
    const { state, cached } = world(answer);
    expect(await cached.readInstance(question, signal)).toEqual(answer());
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(2);
  });

  test('accounts and partitions are kept apart', async () => {
    const { state, cached } = world(() => ok(running));
    await cached.readInstance(question, signal);
    await cached.readInstance({ ...question, accountId: '444455556666' }, signal);
    await cached.readInstance({ ...question, partition: 'aws-cn' }, signal);
    expect(state.asked).toBe(3);
  });

  test('it holds 10,000 instances: the oldest goes first', async () => {
    const { state, cached } = world(() => ok(running));
    const nth = (index: number) => ({ ...question, instanceId: `i-${index.toString(16).padStart(8, '0')}` });
    for (let index = 0; index <= 10_000; index += 1) await cached.readInstance(nth(index), signal);
    expect(state.asked).toBe(10_001);
    await cached.readInstance(nth(10_000), signal);
    await cached.readInstance(nth(1), signal);
    expect(state.asked).toBe(10_001);
    await cached.readInstance(nth(0), signal);
    expect(state.asked).toBe(10_002);
  });
});

test('only a role has a profile by default', () => {
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
