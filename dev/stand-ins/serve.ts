/** One request to a stand-in: read the parameters, verify the signature, call the operation, render the answer. */
import { findKey } from './find-key.ts';
import { readHost } from './host.ts';
import { readParameters, renderError, renderResult, wantsJson, type AwsResponse } from './query-protocol.ts';
import { entityOf, type AwsAccounts } from './service/accounts.ts';
import { invalidAction, refused, throttled, type Answered } from './service/answer.ts';
import type { AnswerFields, Call, Service } from './service/service.ts';
import { onlyHeader, type ReceivedRequest } from './sigv4/received-request.ts';
import { verifySignature } from './sigv4/verify.ts';

export interface ServeOptions {
  readonly accounts: AwsAccounts;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly requestId: string;
}

export interface Served extends AwsResponse {
  readonly requestId: string;
}

/** Returns AWS's answer to a request, errors included. */
export function serve(
  service: Service,
  request: ReceivedRequest,
  { accounts, now, requestId }: ServeOptions,
): Served {
  const json = service.speaksJson && wantsJson(request);
  const envelope = { namespace: service.namespace, json, requestId };
  const parameters = readParameters(request);
  if (!parameters.ok) return { ...renderError(parameters.failure, envelope), requestId };
  const action = parameters.value.get('Action') ?? '';
  const result = call(service, request, { accounts, now, action, parameters: parameters.value });
  const response = result.ok
    ? renderResult(action, result.value, envelope)
    : renderError(result.failure, envelope);
  return { ...response, requestId };
}

function call(
  service: Service,
  request: ReceivedRequest,
  options: Omit<Call, 'caller'> & { readonly action: string },
): Answered<AnswerFields> {
  const { accounts, now, action, parameters } = options;
  const version = parameters.get('Version') ?? '';
  const operation = version === service.version ? service.operations.get(action) : undefined;
  if (operation === undefined) return invalidAction(action, version);
  const host = readHost(onlyHeader(request, 'host') ?? '', service.name);
  if (host.kind === 'other') {
    return refused(403, 'SignatureDoesNotMatch', `The Host is not one of ${service.name.toUpperCase()}.`);
  }
  const verified = verifySignature(request, {
    findKey: (accessKeyId, sessionToken) => findKey(accounts, now, accessKeyId, sessionToken),
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
  return entityOf(caller).throttled ? throttled() : operation({ accounts, caller, now, parameters });
}
