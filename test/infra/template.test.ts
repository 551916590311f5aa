import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
import { plantedViolations } from './support/planted-violations.ts';
import { prepare, render, runOsls } from './support/render.ts';
import type { Rendered } from './support/render.ts';
import { rules, violations } from './support/rules.ts';
import { schemaProblems } from './support/template-schema.ts';
import { methodsOf, resourcesOf, statementsOf } from './support/template.ts';
import type { Template } from './support/template.ts';

const account = '111122223333';
const key = `arn:aws:kms:eu-central-1:${account}:key/0a1b-2c`;
const everything = [
  'vpc-endpoint-ids=vpce-0123456789abcdef0,vpce-0123456789abcdef1',
  'domain-name=auth.example.com',
  `certificate-arn=arn:aws:acm:eu-central-1:${account}:certificate/0a1b-2c`,
  'tracing=on',
  `log-kms-key-arn=${key}`,
  `table-kms-key-arn=${key}`,
  `alarm-topic-arn=arn:aws:sns:eu-central-1:${account}:on-call`,
  'review-concurrency=50',
  'admin-exposure=function-url',
  'cluster-rate-limit=600',
];
const exposures = {
  'private-api (the default)': [],
  'function-url': ['exposure=function-url'],
  'function-url with whoami': ['exposure=function-url', 'whoami=on'],
  'private-api with everything': everything,
} as const;

const rendered = new Map<string, Rendered>();
let workshop: ReturnType<typeof prepare>;
const cfnLint: string[] = [];

const lint = (file: string): string => {
  const { error, stdout } = spawnSync('cfn-lint', [file], { encoding: 'utf8' });
  return error === undefined ? stdout : '';
};

beforeAll(() => {
  workshop = prepare();
  for (const [name, params] of Object.entries(exposures)) {
    const result = render(workshop.directory, ...params);
    expect(result.output).toContain('Service packaged');
    rendered.set(name, result);
    // cfn-lint takes seconds: the two exposures as they are by default.
    if (params.length < 2) cfnLint.push(lint(result.file));
  }
}, 180_000);
afterAll(() => workshop.remove());

const templateOf = (name: keyof typeof exposures): Template => structuredClone(rendered.get(name)!.template);

describe.each(Object.keys(exposures) as (keyof typeof exposures)[])('the template for %s', (name) => {
  test('breaks no rule', () => {
    expect(violations(templateOf(name))).toEqual([]);
  });

  test('has only known properties and references to existing resources', () => {
    expect(schemaProblems(templateOf(name))).toEqual([]);
  });
});

test('cfn-lint, if installed, finds nothing in the default templates', () => {
  expect(cfnLint.join('')).toBe('');
});

describe('the private API', () => {
  test('serves only reviews, whoami and health without a signature', () => {
    const open = methodsOf(templateOf('private-api (the default)')).filter((m) => m.authorization === 'NONE');
    expect(open.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /healthz',
      'POST /v1/clusters/{clusterId}/tokenreviews',
      'POST /v1/clusters/{clusterId}/whoami',
    ]);
  });

  test('serves every route of the admin function, and no other, with a signature', () => {
    const methods = methodsOf(templateOf('private-api (the default)')).filter(
      (m) => m.authorization === 'AWS_IAM',
    );
    const served = methods.map(({ method, path, target }) => `${method} ${path} ${target}`);
    const known = adminRoutes.map(({ method, path }) => `${method} ${path} AdminLambdaFunction`);
    expect(new Set(served)).toEqual(new Set(known));
  });

  // Two endpoints and a domain, or one endpoint and every admin route.
  test.each(['private-api (the default)', 'private-api with everything'] as const)(
    'with %s, each route is denied to callers from outside the listed VPC endpoints, admin routes too',
    (name) => {
      const template = templateOf(name);
      expect(methodsOf(template).length).toBeGreaterThan(2);
      expect(rules.callsComeThroughListedEndpoints(template)).toEqual([]);
    },
  );

  test('limits reviews by the value of the Authorization header, never by path or address', () => {
    expect(rules.reviewsAreCountedByWebhookToken(templateOf('private-api (the default)'))).toEqual([]);
    const limits = (['private-api (the default)', 'private-api with everything'] as const).map(
      (name) => resourcesOf(templateOf(name), 'AWS::WAFv2::WebACL')[0]![1].Properties['Rules'],
    );
    expect(limits.map(([, rate]) => rate.Statement.RateBasedStatement.Limit)).toEqual([10_000, 600]);
  });

  test('keeps no sample and no log of requests in the firewall: both hold webhook tokens', () => {
    expect(rules.firewallKeepsNoRequest(templateOf('private-api (the default)'))).toEqual([]);
  });

  test('answers a review over the limit with 429 as JSON, which apiservers retry', () => {
    expect(rules.limitedReviewsAreRetried(templateOf('private-api (the default)'))).toEqual([]);
  });

  test('gives whoami a throttle of its own, so that its callers do not use up the reviewers’', () => {
    expect(rules.whoamiHasAThrottleOfItsOwn(templateOf('private-api (the default)'))).toEqual([]);
  });

  test('has no admin route if admin-exposure is function-url', () => {
    const template = templateOf('private-api with everything');
    expect(methodsOf(template).filter((m) => m.target === 'AdminLambdaFunction')).toEqual([]);
    expect(template.Resources['AdminLambdaFunctionUrl']?.Properties['AuthType']).toBe('AWS_IAM');
  });

  test('associates a custom domain with every VPC endpoint', () => {
    const template = templateOf('private-api with everything');
    expect(resourcesOf(template, 'AWS::ApiGateway::DomainNameAccessAssociation')).toHaveLength(2);
    expect(template.Outputs['ReviewEndpoint']?.Value).toBe('https://auth.example.com');
  });
});

/** Everything but these is the same: what one function scrubs or limits, the other must too. */
const differencesOfWhoami = new Set(['Code', 'Description', 'FunctionName', 'Handler', 'Role']);

describe('whoami', () => {
  test.each(['private-api (the default)', 'function-url with whoami'] as const)(
    'with %s, whoami has the settings of the reviewer',
    (name) => {
      const { Resources } = templateOf(name);
      const settings = (id: string) => {
        const { Properties } = Resources[id]!;
        return Object.fromEntries(
          Object.entries(Properties).filter(([key]) => !differencesOfWhoami.has(key)),
        );
      };
      const whoami = settings('WhoamiLambdaFunction');
      expect(whoami).toEqual(settings('TokenDashreviewLambdaFunction'));
      expect(Object.keys(whoami['Environment'].Variables)).toContain('COUNTERSIGN_SCRUBBED_ACCOUNTS');
    },
  );
});

test.each(['private-api (the default)', 'function-url with whoami'] as const)(
  'with %s, every function knows which accounts to keep out of its log',
  (name) => {
    const functions = resourcesOf(templateOf(name), 'AWS::Lambda::Function');
    const own = functions.filter(
      ([, { Properties }]) => Properties['Environment']?.Variables?.COUNTERSIGN_TABLE !== undefined,
    );
    expect(own).toHaveLength(4);
    for (const [, { Properties }] of own) {
      expect(Object.keys(Properties['Environment'].Variables)).toContain('COUNTERSIGN_SCRUBBED_ACCOUNTS');
    }
  },
);

describe('the function URL', () => {
  test('comes without an API, and with whoami only if whoami is on', () => {
    const template = templateOf('function-url');
    expect(resourcesOf(template, 'AWS::ApiGateway::RestApi')).toEqual([]);
    expect(resourcesOf(template, 'AWS::WAFv2::WebACL')).toEqual([]);
    expect(template.Resources['WhoamiLambdaFunction']).toBeUndefined();
    expect(template.Resources['WhoamiRole']).toBeUndefined();
    expect(templateOf('function-url with whoami').Resources['WhoamiLambdaFunctionUrl']).toBeDefined();
  });

  test('requires a signature for the admin function', () => {
    expect(templateOf('function-url').Resources['AdminLambdaFunctionUrl']?.Properties['AuthType']).toBe(
      'AWS_IAM',
    );
  });
});

describe('optional features', () => {
  test('are off by default: no reserved concurrency, no tracing, no key permissions', () => {
    const template = templateOf('private-api (the default)');
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties['ReservedConcurrentExecutions']).toBeUndefined();
      expect(Properties['TracingConfig']).toBeUndefined();
    }
    expect(template.Resources['ApiGatewayStage']?.Properties['TracingEnabled']).toBe(false);
    expect(statementsOf(template).filter(({ sid }) => sid === 'Tracing' || sid === 'TableKey')).toEqual([]);
  });

  test('are switched on by their parameters: concurrency, tracing, KMS keys', () => {
    const template = templateOf('private-api with everything');
    const review = template.Resources['TokenDashreviewLambdaFunction']?.Properties;
    expect(review?.['ReservedConcurrentExecutions']).toBe(50);
    expect(review?.['TracingConfig']).toEqual({ Mode: 'Active' });
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties['KmsKeyId']).toBe(key);
    }
    expect(template.Resources['Table']?.Properties['SSESpecification'].KMSMasterKeyId).toBe(key);
    expect(
      statementsOf(template)
        .filter(({ sid }) => sid === 'TableKey')
        .map(({ role }) => role),
    ).toEqual(['TokenReviewRole', 'AdminRole', 'GroupSyncRole', 'WhoamiRole']);
  });
});

/** Each rule is broken on purpose: a rule that nothing can break proves nothing. */
describe('a planted violation', () => {
  test.each(plantedViolations)('of $rule is reported: $how', ({ rule, plant }) => {
    const template = templateOf('private-api (the default)');
    plant(template);
    expect(rules[rule](template)).not.toEqual([]);
  });

  test('exists for every rule', () => {
    expect(new Set(plantedViolations.map(({ rule }) => rule))).toEqual(new Set(Object.keys(rules)));
  });
});

test('the resource schema reports unknown, missing and untyped properties, and references to missing resources', () => {
  const template = templateOf('private-api (the default)');
  template.Resources['Table']!.Properties['Colour'] = 'blue';
  delete template.Resources['WhoamiLambdaFunction']!.Properties['Role'];
  template.Resources['AdminLogGroup']!.Type = 'AWS::Logs::Lake';
  delete template.Resources['AdminRole'];
  expect(new Set(schemaProblems(template))).toEqual(
    new Set([
      'Table: / must NOT have additional properties: "Colour"',
      "WhoamiLambdaFunction: / must have required property 'Role'",
      'AdminLogGroup: the type AWS::Logs::Lake is not in the schema',
      'AdminRole is referred to, but there is no such resource',
    ]),
  );
});

describe('deploy', () => {
  test('is refused while a parameter still has its placeholder', () => {
    const { status, stdout, stderr } = runOsls(workshop.directory, ['deploy', '--stage', 'test']);
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('Stage test still has placeholders for vpc-endpoint-ids and admins');
  });
});
