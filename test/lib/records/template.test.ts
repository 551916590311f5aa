import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameLimit, renderName, templateProblems } from '../../../lib/records/reserved-names.ts';
import {
  literalPrefix,
  parseTemplate,
  placeholders,
  renderTemplate,
  valuesOf,
} from '../../../lib/records/template.ts';
import type { Template, Values } from '../../../lib/records/template.ts';
import vectors from '../../vectors/templates.json' with { type: 'json' };
import { cases } from '../../fixtures/scale.ts';
import { caller } from '../resolve/worlds.ts';

const callers: Record<string, { readonly arn: string; readonly accessKeyId?: string }> = vectors.callers;

function template(text: string): Template {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.rule);
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

describe('rendering', () => {
  test.each(vectors.cases)(
    '$template for the $caller: $renders',
    ({ caller: who, template: text, renders }) => {
      const { arn = '', ...details } = callers[who] ?? {};
      const rendered = renderTemplate(template(text), valuesOf(caller(arn, details)));
      expect(rendered).toMatchObject(renders === null ? { ok: false } : { ok: true, value: renders });
    },
  );

  test('the instance gives its name', () => {
    const values = valuesOf(caller('arn:aws:iam::111122223333:user/x'), 'ip-10-0-0-1.ec2.internal');
    expect(renderTemplate(template('{{EC2PrivateDNSName}}'), values)).toMatchObject({
      value: 'ip-10-0-0-1.ec2.internal',
    });
  });

  test('a value that looks like a placeholder stays text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...placeholders), fc.constantFrom(...placeholders), (outer, inner) => {
        const rendered = renderTemplate(template(`x{{${outer}}}`), all(`{{${inner}}}`));
        expect(rendered).toEqual({ ok: true, value: `x{{${inner}}}` });
      }),
      { numRuns: 50 },
    );
  });

  test('any text either parses, and then renders its literals in their order, or is refused; it never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('{{', '}}', '{', '}', '{{Foo}}', ...placeholders.map((name) => `{{${name}}}`)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        const parsed = parseTemplate(text);
        fc.pre(parsed.ok);
        const rebuilt = parsed.value.map((one) => (one.kind === 'literal' ? one.text : `{{${one.name}}}`));
        expect(rebuilt.join('')).toBe(text);
        expect(text.startsWith(literalPrefix(parsed.value))).toBe(true);
      }),
      { numRuns: cases(2_000, 100_000) },
    );
  });
});

describe('what is no template, and what a caller does not have', () => {
  const names =
    '{{AccountID}}, {{SessionName}}, {{SessionNameRaw}}, {{AccessKeyID}}, {{EC2PrivateDNSName}}, {{UserName}}, {{RoleName}}';
  test.each([
    ['{{Foo}}', `uses {{Foo}}, which is none of ${names}`],
    ['a{{username}}', `uses {{username}}, which is none of ${names}`],
    ['{{ UserName }}', `has pairs of braces that are none of ${names}`],
    ['{{UserName', `has pairs of braces that are none of ${names}`],
    ['UserName}}', `has pairs of braces that are none of ${names}`],
    ['{{}}', `has pairs of braces that are none of ${names}`],
    ['{{{{UserName}}', `has pairs of braces that are none of ${names}`],
  ])('%s', (text, rule) => {
    expect(parseTemplate(text)).toEqual({ ok: false, rule });
  });

  test.each(placeholders)('%s is refused where the caller has none', (name) => {
    expect(renderTemplate(template(`x{{${name}}}`), all(undefined))).toEqual({
      ok: false,
      rule: `uses {{${name}}}, which this caller does not have`,
    });
  });
});

describe('rendered names', () => {
  const rendered = (text: string, use: 'username' | 'group', value: string) =>
    renderName(template(text), use, all(value));
  const notOurs = "begins with system:, which is Kubernetes' own";
  const unasked = 'begins with system: though its template does not';
  const reserved =
    'is reserved: Kubernetes gives system:authenticated, system:unauthenticated and system:serviceaccounts* itself';

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
  ] as const)('%s as %s with %j is not allowed', (text, use, value, rule) => {
    expect(rendered(text, use, value)).toEqual({ ok: false, rule });
  });

  test.each([
    ['{{UserName}}', 'username', 'alice'],
    ['{{UserName}}', 'username', 'a'.repeat(nameLimit)],
    ['system:node:{{EC2PrivateDNSName}}', 'username', 'ip-10-0-0-1'],
    ['system:{{UserName}}', 'group', 'masters'],
    ['{{UserName}}', 'group', 'System:masters'],
  ] as const)('%s as %s with %j is allowed', (text, use, value) => {
    expect(rendered(text, use, value)).toMatchObject({ ok: true });
  });

  test('no value of a placeholder makes a name of Kubernetes that the template does not begin with', () => {
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

describe('what a template is told when it is written', () => {
  const reserved =
    'is reserved: Kubernetes gives system:authenticated, system:unauthenticated and system:serviceaccounts* itself';
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
  ] as const)('%s as %s', (text, use, problems) => {
    expect(templateProblems(text, use)).toEqual(problems);
  });
});

test('what is allowed at write time may be refused for a caller, but never the reverse for text alone', () => {
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
