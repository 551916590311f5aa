/** A refusal in AWS's words: what the stand-ins for STS and IAM answer, in XML or JSON. */
export interface AwsError {
  /** HTTP status, as AWS sends it with this code. */
  readonly status: 400 | 403 | 404;
  readonly code: string;
  readonly message: string;
}

export type Answered<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AwsError };

export const answered = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refused = (
  status: AwsError['status'],
  code: string,
  message: string,
): { readonly ok: false; readonly error: AwsError } => ({ ok: false, error: { status, code, message } });

/** STS and IAM throttle with 400, not 429. */
export const throttled = (): { readonly ok: false; readonly error: AwsError } =>
  refused(400, 'Throttling', 'Rate exceeded');

export const invalidAction = (
  action: string,
  version: string,
): { readonly ok: false; readonly error: AwsError } =>
  refused(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);

/** `violations` each say which value broke which constraint. */
export const validationError = (
  ...violations: readonly string[]
): { readonly ok: false; readonly error: AwsError } =>
  refused(
    400,
    'ValidationError',
    `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`,
  );
