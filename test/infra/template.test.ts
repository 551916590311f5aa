import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminRoutes } from '../../lib/admin/api/routes.ts';
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

describe.each(Object.keys(exposures) as (keyof typeof exposures)[])('%s', (name) => {
  it('keeps every rule', () => {
    expect(violations(templateOf(name))).toEqual([]);
  });

  it('has only known properties, and no reference that leads nowhere', () => {
    expect(schemaProblems(templateOf(name))).toEqual([]);
  });
});

it('lints clean', () => {
  expect(cfnLint.join('')).toBe('');
});

describe('the private API', () => {
  it('serves the reviewers, whoami and health without a signature, and nothing else', () => {
    const open = methodsOf(templateOf('private-api (the default)')).filter((m) => m.authorization === 'NONE');
    expect(open.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /healthz',
      'POST /v1/clusters/{clusterId}/tokenreviews',
      'POST /v1/clusters/{clusterId}/whoami',
    ]);
  });

  it('serves every route of the admin function, signed, and no other', () => {
    const methods = methodsOf(templateOf('private-api (the default)')).filter(
      (m) => m.authorization === 'AWS_IAM',
    );
    const served = methods.map(({ method, path, target }) => `${method} ${path} ${target}`);
    const known = adminRoutes.map(({ method, path }) => `${method} ${path} AdminLambdaFunction`);
    expect(new Set(served)).toEqual(new Set(known));
  });

  it('leaves admin routes to a function URL where that is asked for', () => {
    const template = templateOf('private-api with everything');
    expect(methodsOf(template).filter((m) => m.target === 'AdminLambdaFunction')).toEqual([]);
    expect(template.Resources['AdminLambdaFunctionUrl']?.Properties['AuthType']).toBe('AWS_IAM');
  });

  it('has a domain of its own through every endpoint where one is asked for', () => {
    const template = templateOf('private-api with everything');
    expect(resourcesOf(template, 'AWS::ApiGateway::DomainNameAccessAssociation')).toHaveLength(2);
    expect(template.Outputs['ReviewEndpoint']?.Value).toBe('https://auth.example.com');
  });
});

describe('the function URL', () => {
  it('has no API, and no whoami unless it is asked for', () => {
    const template = templateOf('function-url');
    expect(resourcesOf(template, 'AWS::ApiGateway::RestApi')).toEqual([]);
    expect(template.Resources['WhoamiLambdaFunction']).toBeUndefined();
    expect(template.Resources['WhoamiRole']).toBeUndefined();
    expect(templateOf('function-url with whoami').Resources['WhoamiLambdaFunctionUrl']).toBeDefined();
  });

  it('asks admins for a signature', () => {
    expect(templateOf('function-url').Resources['AdminLambdaFunctionUrl']?.Properties['AuthType']).toBe(
      'AWS_IAM',
    );
  });
});

describe('what is off by default', () => {
  it('reserves no concurrency and traces nothing', () => {
    const template = templateOf('private-api (the default)');
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties['ReservedConcurrentExecutions']).toBeUndefined();
      expect(Properties['TracingConfig']).toBeUndefined();
    }
    expect(template.Resources['ApiGatewayStage']?.Properties['TracingEnabled']).toBe(false);
    expect(statementsOf(template).filter(({ sid }) => sid === 'Tracing' || sid === 'TableKey')).toEqual([]);
  });

  it('comes on by its parameter', () => {
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

/** Each rule is broken on purpose: a rule that nothing can break holds nothing. */
describe('a rule that is broken', () => {
  const broken: readonly { rule: keyof typeof rules; how: string; spoil: (template: Template) => void }[] = [
    {
      rule: 'adminPathsStayClosed',
      how: 'the resource policy opens all paths',
      spoil: (t) => {
        t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[0].Resource = ['execute-api:/*'];
      },
    },
    {
      rule: 'adminPathsStayClosed',
      how: 'an admin route asks for no signature',
      spoil: (t) => {
        t.Resources['ApiGatewayMethodV1PlanPost']!.Properties['AuthorizationType'] = 'NONE';
      },
    },
    {
      rule: 'adminPathsStayClosed',
      how: 'a catch-all admin path ends like a review',
      spoil: (t) => {
        t.Resources['ApiGatewayResourceV1ClustersClusteridVarWebhookDashtokens']!.Properties['PathPart'] =
          '{proxy+}';
      },
    },
    {
      rule: 'reviewsComeThroughListedEndpoints',
      how: 'the condition on the endpoints is gone',
      spoil: (t) => {
        delete t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[0].Condition;
      },
    },
    {
      rule: 'onePathVariablePerParent',
      how: 'two path variables under one parent',
      spoil: (t) => {
        const sibling = structuredClone(t.Resources['ApiGatewayResourceV1SetsNameVar']!);
        sibling.Properties['PathPart'] = '{set}';
        t.Resources['AnotherVariable'] = sibling;
      },
    },
    {
      rule: 'unknownRoutesAreAnswered',
      how: 'no answer to unknown routes',
      spoil: (t) => {
        delete t.Resources['UnknownRouteResponse'];
      },
    },
    {
      rule: 'oneFunctionOneRole',
      how: 'whoami takes the admin role',
      spoil: (t) => {
        t.Resources['WhoamiLambdaFunction']!.Properties['Role'] = { 'Fn::GetAtt': ['AdminRole', 'Arn'] };
      },
    },
    {
      rule: 'functionsRunOnNode24Arm',
      how: 'an older runtime',
      spoil: (t) => {
        t.Resources['AdminLambdaFunction']!.Properties['Runtime'] = 'nodejs20.x';
      },
    },
    {
      rule: 'adminUrlsAreSigned',
      how: 'an admin URL for everyone',
      spoil: (t) => {
        t.Resources['Url'] = {
          Type: 'AWS::Lambda::Url',
          Properties: {
            AuthType: 'NONE',
            TargetFunctionArn: { 'Fn::GetAtt': ['AdminLambdaFunction', 'Arn'] },
          },
        };
      },
    },
    {
      rule: 'tableCanBeRecovered',
      how: 'a table without recovery',
      spoil: (t) => {
        delete t.Resources['Table']!.Properties['PointInTimeRecoverySpecification'];
      },
    },
    {
      rule: 'tableCanBeRecovered',
      how: 'a table that goes with its stack',
      spoil: (t) => {
        delete t.Resources['Table']!.DeletionPolicy;
      },
    },
    {
      rule: 'resourcesAreNamed',
      how: 'a statement on everything',
      spoil: (t) => {
        const [policy] = t.Resources['AdminRole']!.Properties['Policies'];
        policy.PolicyDocument.Statement[1].Resource = '*';
      },
    },
    {
      rule: 'reviewersOnlyRead',
      how: 'a reviewer that writes',
      spoil: (t) => {
        const [policy] = t.Resources['TokenReviewRole']!.Properties['Policies'];
        policy.PolicyDocument.Statement[1].Action.push('dynamodb:PutItem');
      },
    },
    {
      rule: 'logsAreKeptForATime',
      how: 'a log without an end',
      spoil: (t) => {
        delete t.Resources['AdminLogGroup']!.Properties['RetentionInDays'];
      },
    },
    {
      rule: 'stageIsThrottledAndSilent',
      how: 'data tracing',
      spoil: (t) => {
        t.Resources['ApiGatewayStage']!.Properties['MethodSettings'][0].DataTraceEnabled = true;
      },
    },
    {
      rule: 'syncIsNotTriedAgain',
      how: 'a schedule that tries again',
      spoil: (t) => {
        delete t.Resources['SyncSchedule']!.Properties['Target'].RetryPolicy;
      },
    },
  ];

  it.each(broken)('$rule is missed: $how', ({ rule, spoil }) => {
    const template = templateOf('private-api (the default)');
    spoil(template);
    expect(rules[rule](template)).not.toEqual([]);
  });

  it('has an example here for every rule', () => {
    expect(new Set(broken.map(({ rule }) => rule))).toEqual(new Set(Object.keys(rules)));
  });

  it('is missed by the schema too: an unknown property, a reference that leads nowhere', () => {
    const template = templateOf('private-api (the default)');
    template.Resources['Table']!.Properties['Colour'] = 'blue';
    delete template.Resources['AdminRole'];
    expect(schemaProblems(template)).toEqual([
      'Table has an unknown Colour.',
      'AdminRole is referred to and is not there.',
    ]);
  });
});

describe('deploy', () => {
  it('is refused while placeholders are left', () => {
    const { status, stdout, stderr } = runOsls(workshop.directory, ['deploy', '--stage', 'test']);
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('Stage test still has placeholders for vpc-endpoint-ids and admins');
  });
});
