/** EC2 for the review path, which must not load the AWS SDK: a chunk of its own, loaded at the first read. */
import { unavailable } from '../../errors.ts';
import { lazy } from '../../async/lazy.ts';
import type { InstanceReader } from '../instance.ts';
import type { Ec2Settings } from './instance-names-ec2.ts';

/** The adapter, loaded at its first use. If loading fails, the answer is *unavailable*, and the next read tries again. */
export function lazyEc2InstanceReader(settings: Ec2Settings): InstanceReader {
  const reader = lazy(async () => {
    const { createEc2InstanceReader } = await import('./instance-names-ec2.ts');
    return createEc2InstanceReader(settings);
  });
  return {
    async readInstance(question, signal) {
      try {
        return await (await reader()).readInstance(question, signal);
      } catch {
        return unavailable('ec2_unavailable', { cause: 'the EC2 client could not be loaded' });
      }
    },
  };
}
