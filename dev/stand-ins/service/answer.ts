/** What an operation of the stand-ins answers: a value, or an error with AWS's status, code and message. */
import { failed, ok, type Failed, type Result } from '../../../lib/errors.ts';

export interface AwsError {
  /** HTTP status, as AWS sends it with this code. */
  readonly status: 400 | 403 | 404;
  readonly code: string;
  readonly message: string;
}

export type Answered<T> = Result<T, AwsError>;

export const answered = ok;

export const refused = (status: AwsError['status'], code: string, message: string): Failed<AwsError> =>
  failed({ status, code, message });

/** STS and IAM throttle with 400, not 429. */
export const throttled = (): Answered<never> => refused(400, 'Throttling', 'Rate exceeded');

export const invalidAction = (action: string, version: string): Answered<never> =>
  refused(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);

/** Each of `violations` names a value and the constraint that it breaks. */
export const validationError = (...violations: readonly string[]): Answered<never> =>
  refused(
    400,
    'ValidationError',
    `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`,
  );
