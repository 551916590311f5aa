/** dynalite without a socket: for those who make thousands of calls, or who want to see each of them. */
import { EventEmitter } from 'node:events';
import dynalite from 'dynalite';

/** Answers an operation, by its name, as DynamoDB would, in its wire format. */
export type Engine = (operation: string, input: object) => Promise<{ status: number; text: string }>;

/** dynalite checks that a request is signed, not by whom. */
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20261122T120000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIATEST/20261122/eu-central-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
};

/** An empty DynamoDB in memory, which listens nowhere. */
export function createEngine(): Engine {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  return (operation, input) =>
    new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), {
        method: 'POST',
        url: '/',
        headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      });
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end: (text: string) => resolve({ status: response.statusCode, text }),
      };
      server.emit('request', request, response);
      request.emit('data', Buffer.from(JSON.stringify(input)));
      request.emit('end');
    });
}
