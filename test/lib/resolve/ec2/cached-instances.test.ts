import { describe, expect, test } from 'vitest';
import { ok, unavailable } from '../../../../lib/errors.ts';
import { CachedInstances } from '../../../../lib/resolve/ec2/cached-instances.ts';
import type { Instance, InstanceReader } from '../../../../lib/resolve/instance.ts';

const question = { instanceId: 'i-0123456789abcdef0', accountId: '111122223333', partition: 'aws' } as const;
const running: Instance = {
  instanceId: question.instanceId,
  accountId: question.accountId,
  state: 'running',
  instanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/Node',
  privateDnsName: 'ip-10-0-0-1.ec2.internal',
};
const { signal } = new AbortController();

/** A reader that counts its calls, and a clock that the test sets. */
function createCache(answer: () => Awaited<ReturnType<InstanceReader['readInstance']>>) {
  const state = { now: 0, asked: 0 };
  const reader: InstanceReader = {
    readInstance: async () => {
      state.asked += 1;
      return answer();
    },
  };
  return { state, cached: new CachedInstances(reader, () => state.now) };
}

describe('CachedInstances', () => {
  test('a running instance is read from EC2 once a minute', async () => {
    const { state, cached } = createCache(() => ok(running));
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
  ])('%s is not cached', async (_name, answer) => {
    const { state, cached } = createCache(answer);
    expect(await cached.readInstance(question, signal)).toEqual(answer());
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(2);
  });

  test('an instance id is cached per account and partition', async () => {
    const { state, cached } = createCache(() => ok(running));
    await cached.readInstance(question, signal);
    await cached.readInstance({ ...question, accountId: '444455556666' }, signal);
    await cached.readInstance({ ...question, partition: 'aws-cn' }, signal);
    expect(state.asked).toBe(3);
  });

  test('10,000 instances are cached, and the oldest is evicted', async () => {
    const { state, cached } = createCache(() => ok(running));
    const nth = (index: number) => ({ ...question, instanceId: `i-${index.toString(16).padStart(8, '0')}` });
    for (let index = 0; index <= 10_000; index += 1) await cached.readInstance(nth(index), signal);
    expect(state.asked).toBe(10_001);
    await cached.readInstance(nth(10_000), signal);
    await cached.readInstance(nth(1), signal);
    expect(state.asked).toBe(10_001);
    await cached.readInstance(nth(0), signal);
    expect(state.asked).toBe(10_002);
  });

  test('the age of an instance counts from before it was read', async () => {
    const { state, cached } = createCache(() => {
      state.now += 2000;
      return ok(running);
    });
    await cached.readInstance(question, signal);
    state.now = 60_000;
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(2);
  });

  test('a clock that is set back lengthens no instance, whichever is looked up first', async () => {
    const { state, cached } = createCache(() => ok(running));
    await cached.readInstance(question, signal);
    state.now = -200_000;
    await cached.readInstance({ ...question, accountId: '444455556666' }, signal);
    state.now = 10_000;
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(3);
  });

  test('a clock that is set back makes a cached instance stale', async () => {
    const { state, cached } = createCache(() => ok(running));
    await cached.readInstance(question, signal);
    state.now = -1;
    await cached.readInstance(question, signal);
    expect(state.asked).toBe(2);
  });
});
