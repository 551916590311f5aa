import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameLimit, renderName, templateProblems } from '../../../lib/records/reserved-names.ts';
import { parseTemplate } from '../../../lib/records/template.ts';
import type { Template, Values } from '../../../lib/records/template.ts';
import { cases } from '../../fixtures/scale.ts';

function template(text: string): Template {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.failure.rule);
  return parsed.value;
}

const all = (value: string | undefined): Values => ({
  AccountID: value,
  SessionName: value,
  SessionNameRaw: value,
  AccessKeyID: value,
  EC2PrivateDNSName: value,
  UserName: value,
  RoleName: value,
});

describe('a rendered name', () => {
  const rendered = (text: string, use: 'username' | 'group', value: string) =>
    renderName(template(text), use, all(value));
  const notOurs = "begins with system:, which is Kubernetes' own";
  const unasked = 'begins with system: though its template does not';
  const reserved =
    'is reserved: Kubernetes assigns system:authenticated, system:unauthenticated and system:serviceaccounts* itself';

  test.each([
    ['{{UserName}}', 'username', '', 'is empty'],
    ['{{UserName}}', 'username', '  ', 'is empty'],
    ['{{UserName}}', 'username', 'a\nb', 'holds a control or invisible character'],
    ['{{UserName}}', 'group', 'a\u0000b', 'holds a control or invisible character'],
    ['{{UserName}}', 'group', 'a\u200bb', 'holds a control or invisible character'],
    ['{{UserName}}', 'group', 'a\u2028b', 'holds a control or invisible character'],
    ['{{UserName}}', 'group', 'a\u2029b', 'holds a control or invisible character'],
    ['{{UserName}}', 'username', 'a'.repeat(nameLimit + 1), 'has over 512 characters'],
    ['{{UserName}}', 'username', 'system:masters', notOurs],
    ['{{UserName}}', 'group', 'system:masters', unasked],
    ['sys{{UserName}}', 'group', 'tem:masters', unasked],
    ['system:node:{{UserName}}', 'username', 'x', notOurs],
    ['system:nodes:{{EC2PrivateDNSName}}', 'username', 'x', notOurs],
    ['system:node:{{EC2PrivateDNSName}}x', 'username', 'x', notOurs],
    ['system:{{UserName}}', 'group', 'authenticated', reserved],
    ['system:{{UserName}}', 'group', 'unauthenticated', reserved],
    ['system:service{{UserName}}', 'group', 'accounts:x', reserved],
  ] as const)('of template %s as %s with the value %j is refused', (text, use, value, rule) => {
    expect(rendered(text, use, value)).toEqual({ ok: false, failure: { rule } });
  });

  test.each([
    ['{{UserName}}', 'username', 'alice'],
    ['{{UserName}}', 'username', 'a'.repeat(nameLimit)],
    ['system:node:{{EC2PrivateDNSName}}', 'username', 'ip-10-0-0-1'],
    ['system:{{UserName}}', 'group', 'masters'],
    ['{{UserName}}', 'group', 'System:masters'],
  ] as const)('of template %s as %s with the value %j is allowed', (text, use, value) => {
    expect(rendered(text, use, value)).toMatchObject({ ok: true });
  });

  test('begins with system: for no value of a placeholder unless the template does', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('system', 'system:', 'system:masters', 'stem:masters', ':masters', 'masters'),
    );
    const texts = [
      '{{UserName}}',
      's{{UserName}}',
      'sy{{UserName}}{{RoleName}}',
      '{{UserName}}:{{RoleName}}',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.constantFrom('username', 'group'),
        hostile,
        (text, use, value) => {
          const name = rendered(text, use, value);
          expect(name.ok && name.value.startsWith('system:')).toBe(false);
        },
      ),
      { numRuns: cases(2_000, 100_000) },
    );
  });
});

describe('the template', () => {
  const reserved =
    'is reserved: Kubernetes assigns system:authenticated, system:unauthenticated and system:serviceaccounts* itself';
  test.each([
    ['system:serviceaccounts\u200b', 'group', ['holds a control or invisible character']],
    ['system:serviceaccounts:x{{UserName}}', 'group', [reserved]],
    ['system:serviceaccounts', 'group', [reserved]],
    ['system:node:{{EC2PrivateDNSName}}', 'username', []],
    [
      'system:x',
      'username',
      ["begins with system:, which is Kubernetes' own; only system:node:{{EC2PrivateDNSName}} may"],
    ],
    [
      'system:{{SessionName}}',
      'group',
      [
        'uses {{SessionName}}, which the caller chooses, without text of its own before it: begin it with a prefix such as sso:',
      ],
    ],
  ] as const)('%s as %s has the problems %j when it is written', (text, use, problems) => {
    expect(templateProblems(text, use)).toEqual(problems);
  });
});

test('a template without placeholders is refused when it is written exactly if its name is refused when it is rendered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('username', 'group'), (text, use) => {
      const problems = templateProblems(text, use);
      const parsed = parseTemplate(text);
      fc.pre(parsed.ok && parsed.value.every(({ kind }) => kind === 'literal'));
      expect(renderName(parsed.value, use, all('x')).ok).toBe(problems.length === 0);
    }),
    { numRuns: cases(2_000, 100_000) },
  );
});
