import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { jsonSchemaOptions } from '../../../lib/admin/json-schema.ts';
import { describe, expect, test } from 'vitest';
import { parseInput } from '../../../lib/json/parse-input.ts';
import { parsePrincipalArn } from '../../../lib/identity/arn.ts';
import { brokenMappingRules } from '../../../lib/records/input/mapping-rules.ts';
import { principalArnPattern } from '../../../lib/records/input/fields.ts';
import { bindingInput } from '../../../lib/records/binding.ts';
import { clusterInput } from '../../../lib/records/cluster.ts';
import { denialInput } from '../../../lib/records/denial.ts';
import { mappingInput } from '../../../lib/records/mapping.ts';
import { setInput } from '../../../lib/records/set.ts';
import { placeholders } from '../../../lib/records/template.ts';
import type { Cluster } from '../../../lib/records/cluster.ts';
import type { ClusterSet } from '../../../lib/records/set.ts';
import type { Denial } from '../../../lib/records/denial.ts';
import type { GroupBinding } from '../../../lib/records/binding.ts';
import type { Mapping } from '../../../lib/records/mapping.ts';
import vectors from '../../vectors/admin-input.json' with { type: 'json' };

interface Case {
  readonly schema: 'mapping' | 'cluster' | 'set' | 'denial' | 'binding';
  readonly name: string;
  readonly input: unknown;
  /** The paths that are complained of. */
  readonly broken?: readonly string[];
  readonly value?: unknown;
}

const schemas: Record<Case['schema'], v.GenericSchema> = {
  mapping: mappingInput,
  cluster: clusterInput,
  set: setInput,
  denial: denialInput,
  binding: bindingInput,
};
const cases = vectors.cases as unknown as readonly Case[];

describe('the input', () => {
  test.each(cases.filter(({ broken }) => broken === undefined))(
    'of a $schema is accepted and normalized: $name',
    (given) => {
      expect(parseInput(schemas[given.schema], given.input)).toEqual({ ok: true, value: given.value });
      const again = parseInput(schemas[given.schema], given.value);
      expect(again, 'the normal form is its own').toEqual({ ok: true, value: given.value });
    },
  );

  test.each(cases.filter(({ broken }) => broken !== undefined))('of a $schema is refused: $name', (given) => {
    const parsed = parseInput(schemas[given.schema], given.input);
    const errors = parsed.ok ? [] : parsed.failure;
    expect(errors.map(({ path }) => path).toSorted()).toEqual(given.broken?.toSorted());
    for (const { message } of errors) expect(message).toMatch(/^\S.{10,}\.$/s);
  });
});

test('what admins are told: every sentence, for every refused input', async () => {
  const lines = cases.flatMap(({ schema, name, input }) => {
    const parsed = parseInput(schemas[schema], input);
    const errors = parsed.ok ? [] : parsed.failure;
    return errors.length === 0
      ? []
      : [`${schema}: ${name}`, ...errors.map(({ path, message }) => `  ${path}: ${message}`)];
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../vectors/admin-input-sentences.txt');
});

test('rules between fields are silent about fields that break their own rules', () => {
  expect(brokenMappingRules({})).toEqual([]);
  expect(
    brokenMappingRules({ principal: { arn: 'x' }, username: '{{x}}', groups: ['{{UserName}}'] }),
  ).toEqual([]);
});

describe('rules between fields look at what is valid, whatever else is there', () => {
  test.each([
    [{ principalId: 'AROADEMOADMIN00000001' }],
    [{ instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/A'], username: 'u' }],
    [{ instanceProfiles: ['arn:aws:iam::111122223333:instance-profile/A'], groups: [] }],
  ])('%j alone breaks none', (fields) => {
    expect(brokenMappingRules(fields)).toEqual([]);
  });

  const binding = {
    id: 'dev',
    iamGroup: 'arn:aws:iam::111122223333:group/Dev',
    scope: 'all',
    groups: ['developers'],
  };
  const readerRoleArn = 'arn:aws:iam::111122223333:role/CountersignGroupReader';
  test.each([
    ['a group that is none', { iamGroup: 'x', readerRoleArn }, ['/iamGroup']],
    ['groups that are none', { groups: 'x' }, ['/groups']],
    ['one group of Kubernetes among others', { groups: ['a', 'system:b'] }, ['/groups']],
    ['a flag that is none', { allowSystemGroups: 'yes' }, ['/allowSystemGroups']],
  ])('a binding with %s', (_, fields, paths) => {
    const parsed = parseInput(bindingInput, { ...binding, ...fields });
    expect(parsed.ok ? [] : parsed.failure.map(({ path }) => path.replace(/^\/?/, '/'))).toEqual(paths);
  });

  test.each<[Case['schema'], object, string]>([
    ['binding', { ...binding, allowSystemGroups: 'yes' }, 'allowSystemGroups must be true or false.'],
    [
      'binding',
      { ...binding, readerRoleArn, externalId: '!' },
      'externalId must be 2 to 1,224 of letters, digits and +=,.@:/_-.',
    ],
    ['cluster', { id: 'demo', adminGroups: 'x' }, 'adminGroups must be a list of 64 at most.'],
    [
      'set',
      { name: 'prod', description: '' },
      'description must be 1 to 500 printable characters on one line.',
    ],
  ])('the sentence of a %s has the name of the field: %j', (schema, input, message) => {
    expect(parseInput(schemas[schema], input)).toMatchObject({ failure: [{ message }] });
  });

  test('fields that there are not are listed', () => {
    const parsed = parseInput(setInput, { name: 'prod', colour: 'red', size: 1 });
    expect(parsed.ok ? '' : parsed.failure.map(({ message }) => message).join(' ')).toMatch(/colour, size/);
  });
});

describe('a placeholder that callers of a kind never have is refused', () => {
  const account = '111122223333';
  test.each([
    [{ arn: `arn:aws:iam::${account}:role/A` }, 'role', ['UserName']],
    [
      { permissionSet: { accountId: account, name: 'A' } },
      'permission-set',
      ['EC2PrivateDNSName', 'UserName'],
    ],
    [
      { arn: `arn:aws:iam::${account}:user/A` },
      'user',
      ['SessionName', 'SessionNameRaw', 'EC2PrivateDNSName', 'RoleName'],
    ],
    [
      { arn: `arn:aws:sts::${account}:federated-user/A` },
      'federated-user',
      ['EC2PrivateDNSName', 'UserName', 'RoleName'],
    ],
    [
      { arn: `arn:aws:iam::${account}:root` },
      'root',
      ['SessionName', 'SessionNameRaw', 'EC2PrivateDNSName', 'UserName', 'RoleName'],
    ],
    [{ accountId: account }, 'account', ['EC2PrivateDNSName']],
  ])('for the principal %j, a %s: %j', (principal, kind, absent) => {
    const told = placeholders.flatMap((name) =>
      brokenMappingRules({ principal, username: `x:{{${name}}}`, groups: ['developers'] }),
    );
    expect(told).toEqual(
      absent.map((name) => ({
        path: ['username'],
        message: `username uses {{${name}}}, which ${kind === 'account' ? 'an' : 'a'} ${kind} does not have: leave it out.`,
      })),
    );
  });
});

describe('a field must match its whole pattern', () => {
  const principal = { arn: 'arn:aws:iam::111122223333:role/A' };
  const mapping = { scope: 'all', principal, username: 'u', groups: [] };
  const denial = { principal, reason: 'left' };
  const binding = { id: 'b', iamGroup: 'arn:aws:iam::111122223333:group/G', scope: 'all', groups: [] };
  const reader = { readerRoleArn: 'arn:aws:iam::111122223333:role/CountersignGroupReader' };
  test.each<[Case['schema'], string, string, (value: string) => object]>([
    ['mapping', 'account', '111122223333', (accountId) => ({ ...mapping, principal: { accountId } })],
    ['mapping', 'unique id', 'AROADEMOADMIN00000001', (principalId) => ({ ...mapping, principalId })],
    ['denial', 'unique id', 'AROADEMOADMIN00000001', (principalId) => ({ principalId, reason: 'left' })],
    ['mapping', 'time', '2030-01-31T12:00:00.12Z', (expiresAt) => ({ ...mapping, expiresAt })],
    ['denial', 'access key', 'AKIADEMOALICE0000001', (accessKeyId) => ({ accessKeyId, reason: 'left' })],
    ['denial', 'session', 'ann', (sessionName) => ({ ...denial, sessionName })],
    ['binding', 'external id', 'x1', (externalId) => ({ ...binding, ...reader, externalId })],
    ['set', 'name', 'prod', (name) => ({ name })],
    ['cluster', 'id', 'demo', (id) => ({ id })],
  ])('in a %s, the %s: text before or after it is refused', (schema, _, value, make) => {
    expect(parseInput(schemas[schema], make(value))).toMatchObject({ ok: true });
    for (const wrong of [`!${value}`, `${value}!`, ` ${value}`, `${value}\n`]) {
      expect(parseInput(schemas[schema], make(wrong)), wrong).toMatchObject({ ok: false });
    }
  });

  test.each([256, 257])('so that an admin group of %d characters is accepted up to 256', (length) => {
    const parsed = parseInput(clusterInput, { id: 'demo', adminGroups: ['a'.repeat(length)] });
    expect(parsed.ok).toBe(length === 256);
  });
});

test('every schema can be shown as JSON Schema', () => {
  for (const schema of Object.values(schemas)) {
    const shown = toJsonSchema(schema, { ...jsonSchemaOptions, typeMode: 'input' });
    expect(shown.type === 'object' || shown.anyOf !== undefined).toBe(true);
  }
  expect(toJsonSchema(clusterInput, { ...jsonSchemaOptions, typeMode: 'input' })).toMatchObject({
    additionalProperties: false,
    properties: { id: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }, sets: { maxItems: 5 } },
  });
});

test('what a schema gives is a record of the domain', () => {
  const records: {
    readonly mapping: (value: v.InferOutput<typeof mappingInput>) => Omit<Mapping, 'owner'>;
    readonly cluster: (value: v.InferOutput<typeof clusterInput>) => Cluster;
    readonly set: (value: v.InferOutput<typeof setInput>) => ClusterSet;
    readonly denial: (value: v.InferOutput<typeof denialInput>) => Denial;
    readonly binding: (value: v.InferOutput<typeof bindingInput>) => GroupBinding;
  } = { mapping: (v) => v, cluster: (v) => v, set: (v) => v, denial: (v) => v, binding: (v) => v };
  expect(Object.keys(records)).toEqual(Object.keys(schemas));
});

test('the pattern in the schema and the parser of ARNs are of one mind', () => {
  const arns = cases.flatMap(({ input }) => {
    const arn = (input as { principal?: { arn?: unknown } } | null)?.principal?.arn;
    return typeof arn === 'string' ? [arn] : [];
  });
  expect(arns.length).toBeGreaterThan(50);
  for (const arn of arns) {
    const kind = parsePrincipalArn(arn)?.kind;
    expect(principalArnPattern.test(arn), arn).toBe(kind !== undefined && kind !== 'assumed-role');
  }
});
