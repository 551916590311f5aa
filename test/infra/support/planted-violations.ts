/** One violation or more of each rule: the test breaks them on purpose, and the rule must report it. */
import type { rules } from './rules.ts';
import type { Template } from './template.ts';

/** The statement of the limit. */
const rateOf = (template: Template) =>
  template.Resources['ReviewFirewall']!.Properties['Rules'][1].Statement.RateBasedStatement;

export const plantedViolations: readonly {
  readonly rule: keyof typeof rules;
  /** How the rule is broken. */
  readonly how: string;
  /** Breaks it, in a rendering with the defaults. */
  readonly plant: (template: Template) => void;
}[] = [
  {
    rule: 'adminPathsStayClosed',
    how: 'the resource policy opens all paths',
    plant: (t) => {
      t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[1].Resource = ['execute-api:/*'];
    },
  },
  {
    rule: 'adminPathsStayClosed',
    how: 'an admin route requires no signature',
    plant: (t) => {
      t.Resources['ApiGatewayMethodV1PlanPost']!.Properties['AuthorizationType'] = 'NONE';
    },
  },
  {
    rule: 'adminPathsStayClosed',
    how: 'a catch-all admin path ends like a review',
    plant: (t) => {
      t.Resources['ApiGatewayResourceV1ClustersClusteridVarWebhookDashtokens']!.Properties['PathPart'] =
        '{proxy+}';
    },
  },
  {
    rule: 'callsComeThroughListedEndpoints',
    how: 'no call is denied',
    plant: (t) => {
      t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement.shift();
    },
  },
  {
    rule: 'callsComeThroughListedEndpoints',
    how: 'admin paths are not denied',
    plant: (t) => {
      const [denial, allowance] = t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement;
      denial.Resource = allowance.Resource;
    },
  },
  {
    rule: 'callsComeThroughListedEndpoints',
    how: 'every call is denied',
    plant: (t) => {
      delete t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[0].Condition;
    },
  },
  {
    rule: 'whoamiHasAThrottleOfItsOwn',
    how: 'the throttle names another path',
    plant: (t) => {
      t.Resources['ApiGatewayStage']!.Properties['MethodSettings'][1].ResourcePath = '/~1whoami';
    },
  },
  {
    rule: 'reviewsAreCountedByWebhookToken',
    how: 'the limit counts by path',
    plant: (t) => {
      rateOf(t).CustomKeys = [{ UriPath: { TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }];
    },
  },
  {
    rule: 'reviewsAreCountedByWebhookToken',
    how: 'the limit counts by address',
    plant: (t) => {
      rateOf(t).AggregateKeyType = 'IP';
    },
  },
  {
    rule: 'reviewsAreCountedByWebhookToken',
    how: 'the limit covers every path',
    plant: (t) => {
      delete rateOf(t).ScopeDownStatement;
    },
  },
  {
    rule: 'reviewsAreCountedByWebhookToken',
    how: 'requests without a webhook token pass uncounted',
    plant: (t) => {
      t.Resources['ReviewFirewall']!.Properties['Rules'].shift();
    },
  },
  {
    rule: 'reviewsAreCountedByWebhookToken',
    how: 'the firewall is not associated with the stage',
    plant: (t) => {
      delete t.Resources['ReviewFirewallAssociation'];
    },
  },
  {
    rule: 'firewallKeepsNoRequest',
    how: 'one rule keeps samples',
    plant: (t) => {
      t.Resources['ReviewFirewall']!.Properties['Rules'][1].VisibilityConfig.SampledRequestsEnabled = true;
    },
  },
  {
    rule: 'firewallKeepsNoRequest',
    how: 'the firewall writes a log',
    plant: (t) => {
      t.Resources['Log'] = { Type: 'AWS::WAFv2::LoggingConfiguration', Properties: {} };
    },
  },
  {
    rule: 'firewallKeepsNoRequest',
    how: 'the header is not replaced in what is recorded',
    plant: (t) => {
      delete t.Resources['ReviewFirewall']!.Properties['DataProtectionConfig'];
    },
  },
  {
    rule: 'limitedReviewsAreRetried',
    how: 'the gateway answers 403, as by default',
    plant: (t) => {
      delete t.Resources['RateLimitedResponse'];
    },
  },
  {
    rule: 'onePathVariablePerParent',
    how: 'two path variables under one parent',
    plant: (t) => {
      const sibling = structuredClone(t.Resources['ApiGatewayResourceV1SetsNameVar']!);
      sibling.Properties['PathPart'] = '{set}';
      t.Resources['AnotherVariable'] = sibling;
    },
  },
  {
    rule: 'unknownRoutesAreAnswered',
    how: 'no answer to unknown routes',
    plant: (t) => {
      delete t.Resources['UnknownRouteResponse'];
    },
  },
  {
    rule: 'oneFunctionOneRole',
    how: 'whoami runs under the admin role',
    plant: (t) => {
      t.Resources['WhoamiLambdaFunction']!.Properties['Role'] = { 'Fn::GetAtt': ['AdminRole', 'Arn'] };
    },
  },
  {
    rule: 'functionsRunOnNode24Arm',
    how: 'an older runtime',
    plant: (t) => {
      t.Resources['AdminLambdaFunction']!.Properties['Runtime'] = 'nodejs20.x';
    },
  },
  {
    rule: 'adminUrlsAreSigned',
    how: 'an admin URL without a signature',
    plant: (t) => {
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
    plant: (t) => {
      delete t.Resources['Table']!.Properties['PointInTimeRecoverySpecification'];
    },
  },
  {
    rule: 'tableCanBeRecovered',
    how: 'a table that is deleted with its stack',
    plant: (t) => {
      delete t.Resources['Table']!.DeletionPolicy;
    },
  },
  {
    rule: 'resourcesAreNamed',
    how: 'a statement on everything',
    plant: (t) => {
      const [policy] = t.Resources['AdminRole']!.Properties['Policies'];
      policy.PolicyDocument.Statement[1].Resource = '*';
    },
  },
  {
    rule: 'reviewersOnlyRead',
    how: 'a reviewer that writes',
    plant: (t) => {
      const [policy] = t.Resources['TokenReviewRole']!.Properties['Policies'];
      policy.PolicyDocument.Statement[1].Action.push('dynamodb:PutItem');
    },
  },
  {
    rule: 'logsHaveRetention',
    how: 'a log without retention',
    plant: (t) => {
      delete t.Resources['AdminLogGroup']!.Properties['RetentionInDays'];
    },
  },
  {
    rule: 'stageIsThrottledAndSilent',
    how: 'data tracing of one method',
    plant: (t) => {
      t.Resources['ApiGatewayStage']!.Properties['MethodSettings'][1].DataTraceEnabled = true;
    },
  },
  {
    rule: 'syncIsNotRetried',
    how: 'a schedule that retries',
    plant: (t) => {
      delete t.Resources['SyncSchedule']!.Properties['Target'].RetryPolicy;
    },
  },
];
