/**
 * Evaluates a WAF web ACL, as far as ours goes: rules in the order of their priority, the first match ends it. A
 * rate-based rule omits requests that lack the key (AWS WAF API reference, RateBasedStatementCustomKey).
 */
import type { Resource } from './template.ts';

export interface WebRequest {
  readonly path: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Passage {
  /** The rule that blocks the request at once. */
  readonly blockedBy?: string;
  /** The key by which each rate-based rule counts the request, by the rule's name. */
  readonly countedBy: Readonly<Record<string, string>>;
}

// A statement has one of many shapes; those that are not modelled are errors.
// oxlint-disable-next-line typescript/no-explicit-any
type Statement = Record<string, any>;

const transformations: Readonly<Record<string, (text: string) => string>> = {
  NONE: (text) => text,
  URL_DECODE: (text) => decodeURIComponent(text),
};

function transformed(text: string, steps: readonly { Priority: number; Type: string }[]): string {
  const ordered = steps.toSorted((a, b) => a.Priority - b.Priority);
  return ordered.reduce((result, { Type }) => transformations[Type]!(result), text);
}

function fieldOf({ FieldToMatch }: Statement, request: WebRequest): string | undefined {
  if (FieldToMatch.UriPath !== undefined) return request.path;
  return request.headers[FieldToMatch.SingleHeader.Name];
}

/** A component that the request does not have matches nothing. */
function matches(statement: Statement, request: WebRequest): boolean {
  const { ByteMatchStatement: bytes, SizeConstraintStatement: size } = statement;
  if (statement['AndStatement'] !== undefined)
    return statement['AndStatement'].Statements.every((part: Statement) => matches(part, request));
  if (statement['NotStatement'] !== undefined) return !matches(statement['NotStatement'].Statement, request);
  const constraint = bytes ?? size;
  const field = fieldOf(constraint, request);
  if (field === undefined) return false;
  const text = transformed(field, constraint.TextTransformations);
  if (bytes?.PositionalConstraint === 'ENDS_WITH') return text.endsWith(bytes.SearchString);
  if (size?.ComparisonOperator === 'GT') return text.length > size.Size;
  throw new Error(`The statement ${JSON.stringify(statement)} is not modelled.`);
}

/** The value of the only key of a rate-based statement, if it counts the request. */
function countedBy(rate: Statement, request: WebRequest): string | undefined {
  if (rate['ScopeDownStatement'] !== undefined && !matches(rate['ScopeDownStatement'], request))
    return undefined;
  const [key] = rate['CustomKeys'] ?? [];
  if (
    rate['AggregateKeyType'] !== 'CUSTOM_KEYS' ||
    rate['CustomKeys'].length !== 1 ||
    key.Header === undefined
  )
    return 'another key';
  const value = request.headers[key.Header.Name];
  return value === undefined ? undefined : transformed(value, key.Header.TextTransformations);
}

export function passFirewall({ Properties }: Resource, request: WebRequest): Passage {
  const counted: Record<string, string> = {};
  const rules = Properties['Rules'].toSorted((a: Statement, b: Statement) => a['Priority'] - b['Priority']);
  for (const { Name, Statement } of rules) {
    const rate = Statement.RateBasedStatement;
    const key = rate === undefined ? undefined : countedBy(rate, request);
    if (key !== undefined) counted[Name] = key;
    if (rate === undefined && matches(Statement, request)) return { blockedBy: Name, countedBy: counted };
  }
  return { countedBy: counted };
}
