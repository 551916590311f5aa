/** Makes a Lambda function's handler of an {@link HttpHandler}. */
import middy from '@middy/core';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { callerError, describeCallerError } from '../errors.ts';
import { describeThrown } from '../log/thrown.ts';
import { requestOfEvent, toLambdaResponse } from './lambda-event.ts';
import type { LambdaResponse } from './lambda-event.ts';
import { jsonResponse } from './message.ts';
import type { HttpHandler } from './message.ts';

/** What AWS calls, and what a server of one's own calls without a context. Never rejects. */
export type LambdaHandler = (event: unknown, context?: Context) => Promise<LambdaResponse>;

/** `report` takes one line of JSON for what a handler threw: its class and where, never its message. */
export function createLambdaHandler(handle: HttpHandler, report: (line: string) => void): LambdaHandler {
  // No early time-out: each decision has a deadline of its own, well before Lambda's.
  const run = middy<unknown, LambdaResponse>({ timeoutEarlyInMillis: 0 })
    .use(lastResort(report))
    .handler(async (event: unknown) => {
      const request = requestOfEvent(event);
      return toLambdaResponse(request === undefined ? notHttp : await handle(request));
    });
  return async (event, context = noContext) => run(event, context);
}

/** Without it Lambda would log the error with its message, and the apiserver would get a 502 without a body. */
const lastResort = (report: (line: string) => void): MiddlewareObj<unknown, LambdaResponse> => ({
  onError: (request) => {
    report(`${JSON.stringify({ level: 'error', event: 'unhandled', ...describeThrown(request.error) })}\n`);
    request.response = toLambdaResponse(jsonResponse(500, { code: 'internal' }));
  },
});

const notHttpError = callerError('bad_request', { rule: 'is no event of API Gateway or of a function URL' });

/** A test from the console, or a wrong trigger. */
const notHttp = jsonResponse(400, { code: notHttpError.code, detail: describeCallerError(notHttpError) });

const noContext: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: '',
  functionVersion: '',
  invokedFunctionArn: '',
  memoryLimitInMB: '',
  awsRequestId: '',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 0,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
