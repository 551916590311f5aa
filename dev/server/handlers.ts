/** The handlers of the review functions, over the table and the STS of `countersign dev`, and their routes. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../lib/errors.ts';
import type { IamOptions } from '../../lib/sync/iam.ts';
import { createLambdaHandler } from '../../lib/http/lambda-handler.ts';
import type { DecisionEvent, DecisionSink } from '../../lib/log/decision-event.ts';
import type { HttpHandler } from '../../lib/http/message.ts';
import type { EventHandler, Payload2Event } from '../../lib/http/node-server.ts';
import { createTokenReviewHandler } from '../../lib/http/token-review.ts';
import { createWhoamiHandler } from '../../lib/http/whoami.ts';
import { createReviewDependencies, createWhoamiDependencies } from '../../lib/review/adapters.ts';
import type { Store } from '../../lib/store/ports.ts';
import type { StsTransportOptions } from '../../lib/token/sts.ts';
import { tableName } from './table.ts';
import type { AwsCredentials } from '../../lib/net/sign.ts';

export interface HandlerOptions {
  readonly store: Store;
  readonly tableEndpoint: string;
  readonly tableCredentials: AwsCredentials;
  /** Of this server: apiservers send their requests there. */
  readonly url: string;
  readonly region: string;
  readonly sts: StsTransportOptions;
  /** Endpoint and credentials for IAM and for the STS of reader roles. Default: those of the SDK. */
  readonly iam: Pick<IamOptions, 'endpoint' | 'credentials'>;
  readonly clock: () => Instant;
  readonly print: (line: string) => void;
}

/** A handler and its paths. The first route that matches counts. */
export interface Route {
  readonly matches: (path: string) => boolean;
  readonly handler: EventHandler;
}

export const routerOf =
  (routes: readonly Route[]) =>
  ({ rawPath }: Payload2Event): EventHandler | undefined =>
    routes.find(({ matches }) => matches(rawPath))?.handler;

/** The review functions: the same code as on Lambda, with the small DynamoDB client of the review path. */
export function reviewRoutes(options: HandlerOptions): Route[] {
  const { region, tableEndpoint, tableCredentials, clock, print, sts } = options;
  const config = {
    table: tableName,
    region,
    dynamodbEndpoint: tableEndpoint,
    logLevel: 'info',
    stsEndpoint: undefined,
    extraStsRegions: [],
    ec2ReaderRoleArn: undefined,
  } as const;
  const credentials = () => Promise.resolve(tableCredentials);
  const environment = { credentials, clock, sts };
  const context = {
    clock,
    newId: randomUUID,
    sink: decisionLines(print),
    scrubbedAccounts: new Set<string>(),
  };
  const lambda = (handler: HttpHandler): EventHandler => createLambdaHandler(handler, print);
  const review = lambda(createTokenReviewHandler(createReviewDependencies(config, environment), context));
  return [
    { matches: (path) => /^\/v1\/clusters\/[^/]+\/tokenreviews$/.test(path), handler: review },
    { matches: (path) => path === '/healthz', handler: review },
    {
      matches: (path) => /^\/v1\/clusters\/[^/]+\/whoami$/.test(path),
      handler: lambda(createWhoamiHandler(createWhoamiDependencies(config, environment), context)),
    },
  ];
}

/** One line on the terminal for each decision. The functions log the whole event. */
const decisionLines = (print: (line: string) => void): DecisionSink => ({
  record: (event) => print(lineOf(event)),
});

function lineOf(event: DecisionEvent): string {
  const what = `${event.function} ${event.cluster ?? '-'}:`;
  const who = event.canonicalArn === undefined ? '' : ` ${event.canonicalArn}`;
  return event.outcome === 'verified'
    ? `${what}${who} enters as ${event.username ?? ''}`
    : `${what}${who} ${event.code} (decision ${event.decisionId})`;
}
