/** What the admin API refused, as one sentence. */
import { CliFailure, exitCodes } from '../exit.ts';
import type { HttpAnswer } from '../http.ts';
import { isJsonObject, objectsAt, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';

export interface InputError {
  /** Such as `mappings[3].groups`; absent: the input as a whole. */
  readonly path?: string | undefined;
  readonly message: string;
}

/** A refusal with its stable code; `http_<status>` if the answer is not problem+json. */
export class Refused extends CliFailure {
  readonly code: string;
  readonly status: number;
  /** What is wrong with the input, by path: `mappings[3].groups`. */
  readonly errors: readonly InputError[];

  constructor(sentence: string, code: string, status: number, errors: readonly InputError[] = []) {
    super(sentence, exitCodes.failed);
    this.code = code;
    this.status = status;
    this.errors = errors;
  }
}

const remedies: Readonly<Record<string, string>> = {
  version_mismatch: 'Another caller has changed it meanwhile: try again.',
  write_conflict: 'Try again.',
  plan_moved: 'Plan again.',
};

function parseProblem(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const inputErrors = (problem: JsonObject): InputError[] =>
  objectsAt(problem, 'errors').map((error) => ({
    path: textAt(error, 'path'),
    message: (textAt(error, 'message') ?? 'is not valid').replace(/\.$/, ''),
  }));

/** `path: message`, or the message if it is about the input as a whole. */
export const errorText = ({ path, message }: InputError): string =>
  path === undefined ? message : `${path}: ${message}`;

/** The answer of API Gateway or a function URL itself: IAM denies the call, or there is no such route. */
function fromGateway(status: number, message: string | undefined, what: string): Refused {
  const reason = message === undefined ? '' : ` (${message.replace(/\.$/, '')})`;
  const sentence =
    status === 403
      ? `AWS does not let you call ${what}${reason}: you need execute-api:Invoke, or lambda:InvokeFunctionUrl and lambda:InvokeFunction, on it; see the deployment guide.`
      : `${what} answered with status ${status}${reason}: is --endpoint the admin API?`;
  return new Refused(sentence, `http_${status}`, status);
}

export function refusal(answer: HttpAnswer, what: string): Refused {
  const problem = parseProblem(answer.body);
  const code = textAt(problem, 'code');
  const detail = textAt(problem, 'detail') ?? textAt(problem, 'title');
  if (problem === undefined || code === undefined || detail === undefined) {
    return fromGateway(answer.status, textAt(problem, 'message') ?? textAt(problem, 'Message'), what);
  }
  const errors = inputErrors(problem);
  const sentence = errors.length > 0 ? `The input is refused: ${errors.map(errorText).join('; ')}.` : detail;
  const remedy = remedies[code];
  return new Refused(
    `${sentence}${remedy === undefined ? '' : ` ${remedy}`} (${code})`,
    code,
    answer.status,
    errors,
  );
}
