/**
 * The adapter of EC2. It imports the AWS SDK, so it is loaded only if a mapping needs an instance: see
 * `instance-names-lazy.ts`.
 */
import { DescribeInstancesCommand, EC2Client, EC2ServiceException } from '@aws-sdk/client-ec2';
import type { DescribeInstancesResult } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ok, unavailable } from '../../errors.ts';
import { verifiedRequestHandler } from '../../net/verified-tls.ts';
import type { Instance, InstanceReader } from '../instance.ts';

export interface Ec2Settings {
  /** The region of the nodes: an instance id is known only in its own region. */
  readonly region: string;
  /** A role in the nodes' account that may call ec2:DescribeInstances. Default: the function's own role. */
  readonly readerRoleArn?: string | undefined;
}

/** Both attempts together: an answer to the apiserver has 4.5 s in all. */
const milliseconds = 2_000;
const maxAttempts = 2;

/** The SDK's own environment (`AWS_ENDPOINT_URL_EC2`, `AWS_ENDPOINT_URL_STS`, credentials) is honoured. */
export function createEc2InstanceReader({ region, readerRoleArn }: Ec2Settings): InstanceReader {
  const credentials = readerRoleArn === undefined ? {} : { credentials: assumed(region, readerRoleArn) };
  const client = new EC2Client({
    region,
    maxAttempts,
    requestHandler: verifiedRequestHandler,
    ...credentials,
  });
  return {
    async readInstance({ instanceId }, signal) {
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
      try {
        const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }), {
          abortSignal,
        });
        return ok(instanceIn(answer, instanceId));
      } catch (error) {
        // The one error that is an answer: after any other it is not known whether the instance exists.
        if (error instanceof EC2ServiceException && error.name === 'InvalidInstanceID.NotFound') {
          return ok(undefined);
        }
        return unavailable('ec2_unavailable', { cause: causeOf(error, abortSignal) });
      }
    },
  };
}

/** Only the name of an error: messages of AWS can quote what was sent. */
function causeOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `no answer within ${milliseconds} ms`;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Credentials of the reader role; the SDK keeps them until five minutes before they expire. */
function assumed(region: string, roleArn: string) {
  const sts = new STSClient({ region, maxAttempts, requestHandler: verifiedRequestHandler });
  return async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'countersign', DurationSeconds: 3600 }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new TypeError('AssumeRole answered without credentials');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  };
}

/** The requested instance, among all that EC2 returned. */
function instanceIn(answer: DescribeInstancesResult, instanceId: string): Instance | undefined {
  for (const { OwnerId = '', Instances = [] } of answer.Reservations ?? []) {
    const found = Instances.find(({ InstanceId }) => InstanceId === instanceId);
    if (found !== undefined) {
      return {
        instanceId,
        accountId: OwnerId,
        state: found.State?.Name ?? 'in no known state',
        instanceProfileArn: found.IamInstanceProfile?.Arn,
        // EC2 reports an empty name for an instance that has been terminated.
        privateDnsName: found.PrivateDnsName === '' ? undefined : found.PrivateDnsName,
      };
    }
  }
  return undefined;
}
