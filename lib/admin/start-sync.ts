/** Starts the function of the group sync asynchronously. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { verifiedRequestHandler } from '../net/verified-tls.ts';
import type { SyncCall } from '../sync/run.ts';
import type { StartSync } from './dependencies.ts';

export interface SyncFunctionOptions {
  readonly region: string;
  /** Name or ARN; `undefined`: none is configured, and every start fails. */
  readonly functionName: string | undefined;
  /** Default: a new one. */
  readonly client?: Pick<LambdaClient, 'send'> | undefined;
}

/** An asynchronous call: Lambda answers 202 as soon as it has the event. */
export function createStartSync({ region, functionName, client }: SyncFunctionOptions): StartSync {
  const lambda =
    client ?? new LambdaClient({ region, maxAttempts: 3, requestHandler: verifiedRequestHandler });
  return async (request) => {
    const call: SyncCall = { ...request, only: request.only && [...request.only] };
    const Payload = JSON.stringify(call);
    if (functionName === undefined) throw new Error('COUNTERSIGN_SYNC_FUNCTION is not set.');
    await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
  };
}
