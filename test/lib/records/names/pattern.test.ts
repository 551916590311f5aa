import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callerFromArn } from '../../../../lib/identity/caller-identity.ts';
import { brokenMappingRules } from '../../../../lib/records/input/mapping-rules.ts';
import { canBeEqual, namePattern, onlyName } from '../../../../lib/records/names/pattern.ts';
import type { Principal } from '../../../../lib/records/principal.ts';
import { renderName, templateProblems } from '../../../../lib/records/reserved-names.ts';
import { literalPrefix, parseTemplate, valuesOf } from '../../../../lib/records/template.ts';
import type { Template } from '../../../../lib/records/template.ts';
import { cases } from '../../../fixtures/scale.ts';

const role: Principal = { arn: 'arn:aws:iam::111122223333:role/team/Deployer' };
const account: Principal = { accountId: '111122223333' };

function pattern(text: string, principal: Principal = role): Template {
  const found = namePattern(text, principal);
  if (found === undefined) throw new Error(text);
  return found;
}

describe('a pattern of names', () => {
  test.each<[string, Principal, string | undefined]>([
    ['x:{{AccountID}}:{{RoleName}}', role, 'x:111122223333:Deployer'],
    ['{{UserName}}', { arn: 'arn:aws:iam::111122223333:user/ops/alice' }, 'alice'],
    ['f:{{SessionName}}', { arn: 'arn:aws:sts::111122223333:federated-user/bob@x' }, 'f:bob-x'],
    ['{{AccountID}}', { permissionSet: { accountId: '444455556666', name: 'A' } }, '444455556666'],
    ['x:{{RoleName}}', { permissionSet: { accountId: '444455556666', name: 'A' } }, undefined],
    ['dev:{{SessionName}}', role, undefined],
    ['{{UserName}}', account, undefined],
    ['', account, ''],
    ['{{AccountID}}', { arn: 'none' }, undefined],
  ])('of %s for %j is the one name %s', (text, principal, name) => {
    expect(onlyName(pattern(text, principal))).toBe(name);
  });

  test('is undefined for a text that is no template', () => {
    expect(namePattern('{{x}}', role)).toBeUndefined();
  });

  test.each([
    ['dev:alice', 'dev:alice', true],
    ['dev:alice', 'dev:Alice', false],
    ['dev:{{SessionName}}', 'dev:alice', true],
    ['dev:{{SessionName}}', 'dev:alice:x', false],
    ['dev:{{SessionName}}', 'dev:a/b', false],
    ['dev:{{SessionName}}', 'prod:alice', false],
    ['dev:{{SessionName}}-x', 'dev:alice', false],
    ['dev:{{SessionName}}-x', 'dev:alice-x', true],
    ['a{{SessionName}}', 'alice', true],
    ['dev:{{SessionName}}', 'dev:{{SessionNameRaw}}', true],
    ['dev:{{SessionName}}:x', 'dev:{{SessionName}}:y', false],
    ['dev:{{SessionName}}x', 'dev:a{{SessionName}}', true],
    ['{{SessionName}}', '{{AccessKeyID}}', true],
    ['', '', true],
  ])('%s and %s can produce the same name: %s', (one, other, expected) => {
    expect(canBeEqual(pattern(one), pattern(other))).toBe(expected);
    expect(canBeEqual(pattern(other), pattern(one))).toBe(expected);
  });
});

/** What AWS allows in the names of sessions, roles and users. */
const chosenName = fc.oneof(
  fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
  fc.constantFrom(
    'alice',
    'lice',
    'asters',
    'masters',
    'sso',
    'aws',
    'ws',
    '111122223333',
    'kubernetes-admin',
  ),
);
const pieces =
  'a s aw aws aws: sso sso: system: sys k : / dev: session: - {{AccountID}} {{RoleName}} {{SessionName}} {{SessionNameRaw}} {{AccessKeyID}}';
const piece = fc.constantFrom(...pieces.split(' '));
const anyTemplate = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom('', ':{{SessionName}}', '/{{SessionNameRaw}}'))
  .map(([parts, end]) => parts.join('') + end);
const principals: fc.Arbitrary<Principal> = fc.constantFrom<Principal>(
  role,
  account,
  { arn: 'arn:aws:iam::111122223333:role/ws' },
  { arn: 'arn:aws:iam::111122223333:role/so' },
);

/** The name that a template renders for a session of a role, if today's rules allow the template. */
function nameOf(text: string, principal: Principal, roleName: string, session: string): string | undefined {
  if (templateProblems(text, 'username').length > 0) return undefined;
  if (brokenMappingRules({ principal, username: text, groups: [] }).length > 0) return undefined;
  const name = principal.arn === undefined ? roleName : principal.arn.replace(/^.*\//, '');
  const caller = callerFromArn(`arn:aws:sts::111122223333:assumed-role/${name}/${session}`, {
    accessKeyId: 'ASIADEMO000000000001',
  });
  const parsed = parseTemplate(text);
  if (caller === undefined || !parsed.ok) throw new Error(`${text} ${name} ${session}`);
  const rendered = renderName(parsed.value, 'username', valuesOf(caller));
  return rendered.ok ? rendered.value : undefined;
}

const usesSession = (text: string): boolean => text.includes('{{SessionName');
const fixed = (text: string, principal: Principal): string => literalPrefix(pattern(text, principal));

describe('a session name can name another session of its template, and nothing else:', () => {
  const runs = { numRuns: cases(500, 100_000) };

  test('no name of people, of permission sets, of group sync or of Kubernetes', () => {
    fc.assert(
      fc.property(anyTemplate, principals, chosenName, chosenName, (text, principal, roleName, session) => {
        fc.pre(usesSession(text));
        const name = nameOf(text, principal, roleName, session) ?? '';
        expect(name).not.toMatch(/^(?:sso:|system:|aws:)/);
      }),
      runs,
    );
  });

  test('no literal name that does not begin with the text before it', () => {
    fc.assert(
      fc.property(
        anyTemplate,
        principals,
        chosenName,
        chosenName,
        fc.oneof(
          chosenName,
          fc.constantFrom('dev:alice', 'aws:111122223333:alice', 'sso:alice', 'session:x'),
        ),
        (text, principal, roleName, session, literal) => {
          fc.pre(usesSession(text) && !literal.startsWith(fixed(text, principal)));
          expect(nameOf(text, principal, roleName, session)).not.toBe(literal);
        },
      ),
      runs,
    );
  });

  test('no name without a colon or a slash, whatever the literal text', () => {
    fc.assert(
      fc.property(anyTemplate, principals, chosenName, chosenName, (text, principal, roleName, session) => {
        fc.pre(usesSession(text));
        expect(nameOf(text, principal, roleName, session) ?? ':').toMatch(/[:/]/);
      }),
      runs,
    );
  });

  test('no name of another template, if neither text before the session begins with the other', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyTemplate, principals, chosenName, chosenName),
        fc.tuple(anyTemplate, principals, chosenName, chosenName),
        (one, other) => {
          const [a, b] = [fixed(one[0], one[1]), fixed(other[0], other[1])];
          fc.pre(usesSession(one[0]) && !a.startsWith(b) && !b.startsWith(a));
          const name = nameOf(...one);
          fc.pre(name !== undefined);
          expect(nameOf(...other)).not.toBe(name);
        },
      ),
      runs,
    );
  });
});

test('a pattern can be equal to each name that a caller gets from it', () => {
  fc.assert(
    fc.property(anyTemplate, chosenName, (text, session) => {
      const name = nameOf(text, role, '', session);
      expect(name === undefined || canBeEqual(pattern(text), pattern(name))).toBe(true);
    }),
    { numRuns: cases(500, 50_000) },
  );
});
