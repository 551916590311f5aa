/** What STS and IAM have in common: read the parameters, verify the signature, dispatch, render. */
import { invalidAction, refused, throttled, type Answered } from './error.ts';
import { readHost } from './host.ts';
import { findKey } from './find-key.ts';
import {
  readParameters,
  renderError,
  renderResult,
  wantsJson,
  type AnswerValue,
  type AwsResponse,
} from './query-protocol.ts';
import { onlyHeader, type ReceivedRequest } from './sigv4/received-request.ts';
import { verifySignature } from './sigv4/verify.ts';
import { entityOf, type Caller, type World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly caller: Caller;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly parameters: ReadonlyMap<string, string>;
}

export type Result = { readonly [name: string]: AnswerValue | undefined };
export type Operation = (call: Call) => Answered<Result>;

export interface Service {
  readonly name: 'sts' | 'iam';
  readonly version: string;
  readonly namespace: string;
  /** STS answers in JSON where `Accept` asks for it. */
  readonly speaksJson: boolean;
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface Served extends AwsResponse {
  readonly requestId: string;
}

/** One request, one answer, always in AWS's form. */
export function serve(
  service: Service,
  request: ReceivedRequest,
  { world, now, requestId }: { readonly world: World; readonly now: number; readonly requestId: string },
): Served {
  const json = service.speaksJson && wantsJson(request);
  const envelope = { namespace: service.namespace, json, requestId };
  const parameters = readParameters(request);
  if (!parameters.ok) return { ...renderError(parameters.error, envelope), requestId };
  const action = parameters.value.get('Action') ?? '';
  const result = run(service, request, { world, now, action, parameters: parameters.value });
  const response = result.ok
    ? renderResult(action, result.value, envelope)
    : renderError(result.error, envelope);
  return { ...response, requestId };
}

function run(
  service: Service,
  request: ReceivedRequest,
  call: Omit<Call, 'caller'> & { readonly action: string },
): Answered<Result> {
  const { world, now, action, parameters } = call;
  const version = parameters.get('Version') ?? '';
  const operation = version === service.version ? service.operations.get(action) : undefined;
  if (operation === undefined) return invalidAction(action, version);
  const host = readHost(onlyHeader(request, 'host') ?? '', service.name);
  if (host.kind === 'other') {
    return refused(403, 'SignatureDoesNotMatch', `The Host is not one of ${service.name.toUpperCase()}.`);
  }
  const verified = verifySignature(request, {
    findKey: (accessKeyId, sessionToken) => findKey(world, now, accessKeyId, sessionToken),
    now,
    service: service.name,
    region: host.kind === 'aws' ? host.region : undefined,
    normalizePath: true,
  });
  if (!verified.ok) return verified;
  const caller = verified.value.principal;
  if (host.kind === 'aws' && entityOf(caller).partition !== host.partition) {
    return refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  return entityOf(caller).throttled ? throttled() : operation({ world, caller, now, parameters });
}
