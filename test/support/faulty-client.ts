/**
 * A DynamoDB client that dies, or sleeps, at a chosen write: what a Lambda function can do at any moment. It hands
 * commands to dynalite inside this process, since the SDK and two sockets would be most of what thousands of calls
 * cost; that all this goes over a wire as well is for the contract suite of the store.
 */
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Engine } from './dynamodb-engine.ts';

export interface Fault {
  /** Counted from 1. */
  readonly atWrite: number;
  /** The beginning of the partition keys of the writes that count. Default: all do. */
  readonly partition?: string;
  /** Before it is sent, or after it was made and before anybody hears of it. */
  readonly when: 'before' | 'after';
  /** `die`: this write and everything after it fails. Otherwise: wait for it. */
  readonly act: 'die' | (() => Promise<void>);
}

interface Command {
  /** As it goes over the wire. */
  readonly input: object;
}

/** For the adapter: it asks a client for nothing but to send commands. */
export function createFaultyClient(engine: Engine, fault?: Fault): DynamoDBClient {
  let writes = 0;
  let dead = false;
  const act = async (): Promise<void> => {
    if (fault?.act === 'die') {
      dead = true;
      throw new Error('the process is gone');
    }
    await fault?.act();
  };
  const send = async (command: Command): Promise<unknown> => {
    if (dead) throw new Error('the process is gone');
    const operation = command.constructor.name.replace(/Command$/, '');
    if (operation !== 'PutItem') return call(engine, operation, command.input);
    if (partitionOf(command.input).startsWith(fault?.partition ?? '')) writes += 1;
    else return call(engine, operation, command.input);
    const isDue = writes === fault?.atWrite;
    if (isDue && fault.when === 'before') await act();
    const answer = await call(engine, operation, command.input);
    if (isDue && fault.when === 'after') await act();
    return answer;
  };
  return { send } as unknown as DynamoDBClient;
}

const partitionOf = (input: object): string => (input as { Item: { pk: { S: string } } }).Item.pk.S;

async function call(engine: Engine, operation: string, input: object): Promise<unknown> {
  const { status, text } = await engine(operation, input);
  const answer = JSON.parse(text) as { __type?: string; message?: string };
  if (status === 200) return answer;
  const name = answer.__type?.split('#')[1] ?? 'UnknownError';
  const message = answer.message ?? '';
  throw name === 'ConditionalCheckFailedException'
    ? new ConditionalCheckFailedException({ message, $metadata: {} })
    : Object.assign(new Error(message), { name });
}
