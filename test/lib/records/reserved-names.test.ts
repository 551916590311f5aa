import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misleadingIn } from '../../../lib/records/names/characters.ts';
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

const hidden = (codePoint: string) => `holds ${codePoint}, a control or invisible character: leave it out`;
const blank = (codePoint: string) =>
  `holds ${codePoint}, which looks like nothing or like a space: leave it out or use U+0020`;

describe('a rendered name', () => {
  const rendered = (text: string, use: 'username' | 'group', value: string) =>
    renderName(template(text), use, all(value));
  const notOurs = "begins with system:, which is Kubernetes' own";
  const unasked = 'begins with system: though its template does not';
  const chosen =
    'uses {{SessionName}}, which a person chooses, and begins with system:, as names of Kubernetes do: write such a name out';
  const reserved =
    'is reserved: Kubernetes assigns system:authenticated, system:unauthenticated and system:serviceaccounts* itself';

  test.each([
    ['{{UserName}}', 'username', '', 'is empty'],
    ['{{UserName}}', 'username', '  ', 'is empty'],
    ['{{UserName}}', 'username', 'a\nb', hidden('U+000A')],
    ['{{UserName}}', 'group', 'a\u0000b', hidden('U+0000')],
    ['{{UserName}}', 'group', 'a\u200bb', hidden('U+200B')],
    ['{{UserName}}', 'group', 'a\u2028b', hidden('U+2028')],
    ['{{UserName}}', 'group', 'a\u2029b', hidden('U+2029')],
    ['{{UserName}}', 'username', 'a\u00a0b', blank('U+00A0')],
    ['{{UserName}}', 'group', 'a\u3164', blank('U+3164')],
    ['x:{{UserName}}', 'group', 'a ', 'begins or ends with a space (U+0020): leave it out'],
    ['{{UserName}}', 'username', 'a'.repeat(nameLimit + 1), 'has over 512 characters'],
    ['{{UserName}}', 'username', 'system:masters', notOurs],
    ['{{UserName}}', 'group', 'system:masters', unasked],
    ['sys{{UserName}}', 'group', 'tem:masters', unasked],
    ['system:node:{{UserName}}', 'username', 'x', notOurs],
    ['system:nodes:{{EC2PrivateDNSName}}', 'username', 'x', notOurs],
    ['system:node:{{EC2PrivateDNSName}}x', 'username', 'x', notOurs],
    ['system:m{{SessionName}}', 'group', 'asters', chosen],
    ['system:n{{SessionName}}', 'group', 'odes', chosen],
    ['system:masters{{SessionName}}', 'group', 'x', chosen],
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
    ['stored before the rule\u00a0{{UserName}}', 'username', 'alice'],
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
    ['system:serviceaccounts\u200b', 'group', [hidden('U+200B')]],
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
        'uses {{SessionName}}, which a person chooses, and begins with system:, as names of Kubernetes do: write such a name out',
      ],
    ],
  ] as const)('%s as %s has the problems %j when it is written', (text, use, problems) => {
    expect(templateProblems(text, use)).toEqual(problems);
  });
});

test('a template without placeholders is refused when it is written if its name is refused when it is rendered, or misleads', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('username', 'group'), (text, use) => {
      const problems = templateProblems(text, use);
      const parsed = parseTemplate(text);
      fc.pre(parsed.ok && parsed.value.every(({ kind }) => kind === 'literal'));
      const refused = !renderName(parsed.value, use, all('x')).ok;
      expect(problems.length > 0).toBe(refused || misleadingIn(text) !== undefined);
    }),
    { numRuns: cases(2_000, 100_000) },
  );
});
