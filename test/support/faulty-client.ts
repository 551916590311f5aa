/** A DynamoDB client that dies, or sleeps, at a chosen write: what a Lambda function can do at any moment. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

export interface Fault {
  /** Counted from 1, over all writes. */
  readonly atWrite: number;
  /** Before it is sent, or after it was made and before anybody hears of it. */
  readonly when: 'before' | 'after';
  /** `die`: this write and everything after it fails. Otherwise: wait for it. */
  readonly act: 'die' | (() => Promise<void>);
}

/** Wraps `send`: the adapter above it is the real one. */
export function createFaultyClient(endpoint: string, fault: Fault | undefined): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  let writes = 0;
  let dead = false;
  const act = async (): Promise<void> => {
    if (fault?.act === 'die') {
      dead = true;
      throw new Error('the process is gone');
    }
    await fault?.act();
  };
  const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  const faulty = async (command: unknown): Promise<unknown> => {
    if (dead) throw new Error('the process is gone');
    if (!(command instanceof PutItemCommand)) return send(command);
    writes += 1;
    const isDue = writes === fault?.atWrite;
    if (isDue && fault.when === 'before') await act();
    const answer = await send(command);
    if (isDue && fault.when === 'after') await act();
    return answer;
  };
  return Object.assign(client, { send: faulty });
}
