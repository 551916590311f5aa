/** The IAM policies that the guides offer to callers of the admin API are as narrow as the template that they belong to. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const statementsOf = (page: string): Statement[] =>
  [...readFileSync(page, 'utf8').matchAll(/^```json\n([^]*?)^```$/gm)].flatMap(
    ([, json]) => (JSON.parse(json!) as { Statement?: Statement[] }).Statement ?? [],
  );

const conditions: Readonly<Record<string, object>> = {
  'execute-api:Invoke': { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
  'lambda:InvokeFunctionUrl': { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
  'lambda:InvokeFunction': { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
};
const forCallers = (page: string): Statement[] =>
  statementsOf(page).filter(({ Action }) => typeof Action === 'string' && Action in conditions);

describe.each(['docs/admin-api.md', 'docs/deploy.md'])('the policies for callers in %s', (page) => {
  test('admit calls through a listed VPC endpoint or by the function URL, and no direct invoke', () => {
    const statements = forCallers(page);
    expect(new Set(statements.map(({ Action }) => Action))).toEqual(new Set(Object.keys(conditions)));
    for (const { Action, Condition } of statements) expect(Condition).toEqual(conditions[String(Action)]);
  });
});

test('docs/deploy.md has the policies of docs/admin-api.md', () => {
  expect(forCallers('docs/admin-api.md')).toEqual(expect.arrayContaining(forCallers('docs/deploy.md')));
});
