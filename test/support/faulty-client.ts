/**
 * A DynamoDB client that dies, or sleeps, at a chosen write: what a Lambda function can do at any moment. It speaks to
 * dynalite by itself, since thousands of calls through the SDK's layers would be most of what such a test costs; that
 * the SDK does the same with these commands is for the contract suite of the store.
 */
import { Agent, request } from 'node:http';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Fault {
  /** Counted from 1, over all writes. */
  readonly atWrite: number;
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
export function createFaultyClient(endpoint: string, fault: Fault | undefined): DynamoDBClient {
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
    if (operation !== 'PutItem') return call(endpoint, operation, command.input);
    writes += 1;
    const isDue = writes === fault?.atWrite;
    if (isDue && fault.when === 'before') await act();
    const answer = await call(endpoint, operation, command.input);
    if (isDue && fault.when === 'after') await act();
    return answer;
  };
  return { send } as unknown as DynamoDBClient;
}

const agent = new Agent({ keepAlive: true, noDelay: true });
/** dynalite checks that a request is signed, not by whom. */
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20261122T120000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIATEST/20261122/eu-central-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
};

async function call(endpoint: string, operation: string, input: object): Promise<unknown> {
  const { status, text } = await post(endpoint, operation, JSON.stringify(input));
  const answer = JSON.parse(text) as { __type?: string; message?: string };
  if (status === 200) return answer;
  const name = answer.__type?.split('#')[1] ?? 'UnknownError';
  const message = answer.message ?? '';
  throw name === 'ConditionalCheckFailedException'
    ? new ConditionalCheckFailedException({ message, $metadata: {} })
    : Object.assign(new Error(message), { name });
}

const post = (endpoint: string, operation: string, body: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(endpoint, {
      agent,
      method: 'POST',
      headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    });
    sent.once('error', reject).once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', reject).once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
