/** Creates the handler of a Lambda function from an {@link HttpHandler}. */
import middy from '@middy/core';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { callerError, describeCallerError } from '../errors.ts';
import { describeThrown } from '../log/thrown.ts';
import { requestOfEvent, toLambdaResponse } from './lambda-event.ts';
import type { LambdaResponse } from './lambda-event.ts';
import { jsonResponse } from './message.ts';
import type { HttpHandler } from './message.ts';

/**
 * What AWS calls with a context, and `serve`, `dev` and tests without one. Never rejects.
 *
 * A method, whose parameters TypeScript compares loosely: middy's type demands a context, but its code puts an empty one in place
 * of a missing one, and no handler here reads it.
 */
export type LambdaHandler = {
  handle(event: unknown, context?: Context): Promise<LambdaResponse>;
}['handle'];

/** @param report accepts one line of JSON for an error that `handle` threw: its class and frames, never its message */
export function createLambdaHandler(handle: HttpHandler, report: (line: string) => void): LambdaHandler {
  // No early time-out: each decision has a deadline of its own, well before Lambda's.
  return middy<unknown, LambdaResponse>({ timeoutEarlyInMillis: 0 })
    .use(lastResort(report))
    .handler(async (event: unknown) => {
      const request = requestOfEvent(event);
      return toLambdaResponse(request === undefined ? notHttp : await handle(request));
    });
}

/** Without it Lambda would log the error with its message, and the apiserver would get a 502 without a body. */
const lastResort = (report: (line: string) => void): MiddlewareObj<unknown, LambdaResponse> => ({
  onError: (request) => {
    report(`${JSON.stringify({ level: 'error', event: 'unhandled', ...describeThrown(request.error) })}\n`);
    request.response = toLambdaResponse(jsonResponse(500, { code: 'internal' }));
  },
});

const notHttpError = callerError('bad_request', { rule: 'is no event of API Gateway or of a function URL' });

/** For a test from the console, or a wrong trigger. */
const notHttp = jsonResponse(400, { code: notHttpError.code, detail: describeCallerError(notHttpError) });
