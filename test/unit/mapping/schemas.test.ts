import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { parseInput } from '../../../lib/admin/input-errors.ts';
import { parsePrincipalArn } from '../../../lib/identity/arn.ts';
import { brokenMappingRules } from '../../../lib/mapping/mapping-rules.ts';
import { principalArnPattern } from '../../../lib/mapping/fields.ts';
import {
  bindingInput,
  clusterInput,
  denialInput,
  mappingInput,
  setInput,
} from '../../../lib/mapping/schemas.ts';
import type { Cluster, ClusterSet, Denial, GroupBinding, Mapping } from '../../../lib/mapping/types.ts';
import vectors from '../../vectors/admin-input.json' with { type: 'json' };

interface Case {
  readonly schema: 'mapping' | 'cluster' | 'set' | 'denial' | 'binding';
  readonly name: string;
  readonly input: unknown;
  /** The paths that are complained of. */
  readonly broken?: readonly string[];
  readonly value?: unknown;
}

const schemas: Record<Case['schema'], z.ZodMiniType> = {
  mapping: mappingInput,
  cluster: clusterInput,
  set: setInput,
  denial: denialInput,
  binding: bindingInput,
};
const cases = vectors.cases as unknown as readonly Case[];

describe('what admins write', () => {
  test.each(cases.filter(({ broken }) => broken === undefined))('$schema: $name', (given) => {
    expect(parseInput(schemas[given.schema], given.input)).toEqual({ ok: true, value: given.value });
    const again = parseInput(schemas[given.schema], given.value);
    expect(again, 'the normal form is its own').toEqual({ ok: true, value: given.value });
  });

  test.each(cases.filter(({ broken }) => broken !== undefined))('$schema, refused: $name', (given) => {
    const parsed = parseInput(schemas[given.schema], given.input);
    const errors = parsed.ok ? [] : parsed.errors;
    expect(errors.map(({ path }) => path).toSorted()).toEqual(given.broken?.toSorted());
    for (const { message } of errors) expect(message).toMatch(/^\S.{10,}\.$/s);
  });
});

test('what admins are told: every sentence, for every refused input', async () => {
  const lines = cases.flatMap(({ schema, name, input }) => {
    const parsed = parseInput(schemas[schema], input);
    const errors = parsed.ok ? [] : parsed.errors;
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

test('every schema can be shown as JSON Schema', () => {
  for (const schema of Object.values(schemas)) {
    const shown = z.toJSONSchema(schema, { io: 'input' });
    expect(shown.type === 'object' || shown.anyOf !== undefined).toBe(true);
  }
  expect(z.toJSONSchema(clusterInput)).toMatchObject({
    additionalProperties: false,
    properties: { id: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }, sets: { maxItems: 5 } },
  });
});

test('what a schema gives is a record of the domain', () => {
  const records: {
    readonly mapping: (value: z.output<typeof mappingInput>) => Omit<Mapping, 'owner'>;
    readonly cluster: (value: z.output<typeof clusterInput>) => Cluster;
    readonly set: (value: z.output<typeof setInput>) => ClusterSet;
    readonly denial: (value: z.output<typeof denialInput>) => Denial;
    readonly binding: (value: z.output<typeof bindingInput>) => GroupBinding;
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
