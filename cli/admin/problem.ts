/** What the admin API refused, as one sentence. */
import { CliFailure, exitCodes } from '../exit.ts';
import type { HttpAnswer } from '../http.ts';
import { isJsonObject, objectsAt, textAt } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** A refusal with its stable code; `http_<status>` where whoever answered does not speak problem+json. */
export class Refused extends CliFailure {
  readonly code: string;
  readonly status: number;

  constructor(sentence: string, code: string, status: number) {
    super(sentence, exitCodes.failed);
    this.code = code;
    this.status = status;
  }
}

const remedies: Readonly<Record<string, string>> = {
  last_admin: '--force does it anyway.',
  version_mismatch: 'Somebody changed it meanwhile: try again.',
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

const inputErrors = (problem: JsonObject): string[] =>
  objectsAt(problem, 'errors').map((error) => {
    const path = textAt(error, 'path');
    const message = (textAt(error, 'message') ?? 'is not valid').replace(/\.$/, '');
    return path === undefined ? message : `${path}: ${message}`;
  });

/** API Gateway and function URLs answer by themselves where IAM says no, or where there is no such route. */
function fromGateway(status: number, message: string | undefined, what: string): Refused {
  const said = message === undefined ? '' : ` (${message.replace(/\.$/, '')})`;
  const sentence =
    status === 403
      ? `AWS does not let you call ${what}${said}: you need execute-api:Invoke, or lambda:InvokeFunctionUrl and lambda:InvokeFunction, on it; see the deployment guide.`
      : `${what} answered with status ${status}${said}: is --endpoint the admin API?`;
  return new Refused(sentence, `http_${status}`, status);
}

export function refusal(answer: HttpAnswer, what: string): Refused {
  const problem = parseProblem(answer.body);
  const code = textAt(problem, 'code');
  if (problem === undefined || code === undefined) {
    return fromGateway(answer.status, textAt(problem, 'message') ?? textAt(problem, 'Message'), what);
  }
  const errors = inputErrors(problem);
  const detail = textAt(problem, 'detail') ?? textAt(problem, 'title') ?? code;
  const sentence = errors.length > 0 ? `The input is refused: ${errors.join('; ')}.` : detail;
  const remedy = remedies[code];
  return new Refused(`${sentence}${remedy === undefined ? '' : ` ${remedy}`} (${code})`, code, answer.status);
}
