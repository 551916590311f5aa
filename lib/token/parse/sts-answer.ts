/** What an answer of STS means: an identity, a refusal, or *unavailable*. */
import * as v from 'valibot';
import { denied, unavailable } from '../../errors.ts';
import type { Denied, Result, Unavailable } from '../../errors.ts';
import { parseJson } from '../../json/parse-json.ts';
import { parseCallerIdentity } from '../../identity/caller-identity.ts';
import type { ReportedIdentity } from '../../identity/caller-identity.ts';
import type { UnverifiedRequest } from './unverified-request.ts';

export const maximumAnswerBytes = 65_536;

export interface StsAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** `undefined`: over {@link maximumAnswerBytes}, and not read to its end. */
  readonly body: Uint8Array | undefined;
}

/** The question: the request that STS evaluated, and the cluster id that was sent with it. */
export type StsQuestion = Pick<UnverifiedRequest, 'host' | 'partition' | 'accessKeyId'> & {
  readonly clusterId: string;
};

type StsResult = Result<ReportedIdentity, Denied | Unavailable>;

/**
 * Only the exact, consistent identity with status 200 is a success. A refusal in the words of STS is a denial: otherwise a caller
 * could choose that a review is *unavailable*. Whatever is not in its words is *unavailable*.
 */
export function evaluateStsAnswer(answer: StsAnswer, question: StsQuestion): StsResult {
  const { host } = question;
  const json = readJson(answer);
  if (answer.status !== 200) return evaluateRefusal(answer.status, json, question);
  if (json === undefined) return unavailable('sts_bad_answer', { host, rule: 'is not plain JSON' });
  const identity = parseCallerIdentity(json.value, question);
  if (identity.ok) return identity;
  const { rule, serviceRole } = identity.failure;
  return serviceRole === undefined
    ? unavailable('sts_bad_answer', { host, rule })
    : denied('principal_not_mappable', { kind: serviceRole });
}

const jsonType = /^application\/(?:json|x-amz-json-1\.[01])(?: *;|$)/i;

/** `undefined` unless it is uncompressed JSON in UTF-8 without a byte order mark, with no name twice in an object. */
function readJson({
  contentType,
  contentEncoding,
  body,
}: StsAnswer): { readonly value: unknown } | undefined {
  if (body === undefined || contentType === undefined || !jsonType.test(contentType)) return undefined;
  if (contentEncoding !== undefined && contentEncoding !== 'identity') return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const json = parseJson(text);
    return json.ok ? { value: json.value } : undefined;
  } catch {
    return undefined;
  }
}

/** `{"Error": {"Code": "SignatureDoesNotMatch", …}, …}`: only the code counts, never its message. */
const errorSchema = v.object({ Error: v.object({ Code: v.string() }) });

/** STS throttles with HTTP 400. Source: AWS, "Common error types", and the SDKs' lists of throttling codes. */
const throttlingCodes = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'Throttled',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
]);

function evaluateRefusal(
  status: number,
  json: { readonly value: unknown } | undefined,
  question: StsQuestion,
): StsResult {
  const { host } = question;
  const parsed = v.safeParse(errorSchema, json?.value);
  const code = parsed.success ? parsed.output.Error.Code : undefined;
  if (status === 429 || (status >= 400 && code !== undefined && throttlingCodes.has(code)))
    return unavailable('sts_throttled', { host });
  const refusal = code === undefined ? undefined : refusalFor(status, code, question);
  return refusal ?? unavailable('sts_bad_answer', { host, rule: describeRefusal(status, code) });
}

/**
 * The refusals that are definite, and about this token. STS answers them with 403; AWS lists some of them with 400
 * ("Common error types"), and some under other names for other services, which share its checks of signatures.
 */
function refusalFor(status: number, code: string, question: StsQuestion): StsResult | undefined {
  if (status !== 403 && status !== 400) return undefined;
  switch (code) {
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignature':
    case 'InvalidSignatureException':
      return denied('signature_mismatch', { clusterId: question.clusterId });
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'MissingAuthenticationToken':
    case 'AuthFailure':
    case 'InvalidAccessKeyId':
    case 'InvalidToken':
      return denied('credentials_invalid', {});
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return denied('credentials_expired', {});
    case 'RegionDisabledException':
    case 'RegionDisabled':
    case 'OptInRequired':
      return denied('region_not_enabled', { host: question.host });
    default:
      return status === 403 || aboutValues.has(code)
        ? denied('sts_access_denied', { host: question.host, reason: showable(code) })
        : undefined;
  }
}

/**
 * With status 400, codes about the caller, or about values that the caller wrote (decision 10). The form of the request is ours, so
 * another code with that status is no answer to this token.
 */
const aboutValues = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidParameterValue',
  'NotAuthorized',
  'RequestExpired',
  'ValidationError',
]);

const showableCode = /^[A-Za-z.]{1,60}$/;

const showable = (code: string): string => (showableCode.test(code) ? code : 'no code that can be shown');

function describeRefusal(status: number, code: string | undefined): string {
  return code !== undefined && showableCode.test(code)
    ? `has status ${status} and the code ${code}`
    : `has status ${status}`;
}
