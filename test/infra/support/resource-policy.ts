/** Evaluates the resource policy of an API, as IAM does, as far as our policies go: Invoke by anyone, from a VPC endpoint. */

interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Call {
  /** As `execute-api:/stage/POST/v1/plan`. */
  readonly resource: string;
  /** The endpoint through which the call came; undefined if through none. */
  readonly endpoint: string | undefined;
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Compares as IAM does: `*` matches anything, slashes too. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`).replaceAll('*', '.*')}$`).test(
    text,
  );

/** A key that is missing from the request fails StringEquals, and passes StringNotEquals. */
function holds(operator: string, key: string, values: readonly string[], call: Call): boolean {
  if (key !== 'aws:SourceVpce') throw new Error(`The condition key ${key} is not modelled.`);
  const isListed = call.endpoint !== undefined && values.includes(call.endpoint);
  if (operator === 'StringEquals') return isListed;
  if (operator === 'StringNotEquals') return !isListed;
  throw new Error(`The operator ${operator} is not modelled.`);
}

function applies({ Principal, Action, Resource, Condition = {} }: PolicyStatement, call: Call): boolean {
  if (Principal !== '*' || !list(Action).includes('execute-api:Invoke')) return false;
  if (!list(Resource).some((pattern) => matchesPattern(pattern, call.resource))) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, key, list(values), call)),
  );
}

/** `silent`: the caller's own policy decides. */
export function policyVerdict(
  statements: readonly PolicyStatement[],
  call: Call,
): 'denied' | 'allowed' | 'silent' {
  const applied = statements.filter((statement) => applies(statement, call));
  const effects = new Set(applied.map(({ Effect }) => Effect));
  if (effects.has('Deny')) return 'denied';
  return effects.has('Allow') ? 'allowed' : 'silent';
}
