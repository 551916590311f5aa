import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
import { caller } from '../resolve/builders.ts';

const callers: Record<string, { readonly arn: string; readonly accessKeyId?: string }> = vectors.callers;

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

describe('renderTemplate', () => {
  test.each(vectors.cases)(
    'renders $template for the $caller as $renders',
    ({ caller: who, template: text, renders }) => {
      const { arn = '', ...details } = callers[who] ?? {};
      const rendered = renderTemplate(template(text), valuesOf(caller(arn, details)));
      expect(rendered).toMatchObject(renders === null ? { ok: false } : { ok: true, value: renders });
    },
  );

  test('replaces EC2PrivateDNSName by the name of the instance', () => {
    const values = valuesOf(caller('arn:aws:iam::111122223333:user/x'), 'ip-10-0-0-1.ec2.internal');
    expect(renderTemplate(template('{{EC2PrivateDNSName}}'), values)).toMatchObject({
      value: 'ip-10-0-0-1.ec2.internal',
    });
  });

  test('keeps a value that looks like a placeholder as text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...placeholders), fc.constantFrom(...placeholders), (outer, inner) => {
        const rendered = renderTemplate(template(`x{{${outer}}}`), all(`{{${inner}}}`));
        expect(rendered).toEqual({ ok: true, value: `x{{${inner}}}` });
      }),
      { numRuns: 50 },
    );
  });

  test('is given only texts that parse to the same literals and placeholders; parsing never throws', () => {
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

describe('a template', () => {
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
  ])('%s is refused: it %s', (text, rule) => {
    expect(parseTemplate(text)).toEqual({ ok: false, failure: { rule } });
  });

  test.each(placeholders)('with {{%s}} is not rendered for a caller without that value', (name) => {
    expect(renderTemplate(template(`x{{${name}}}`), all(undefined))).toEqual({
      ok: false,
      failure: { rule: `uses {{${name}}}, which this caller does not have` },
    });
  });
});
