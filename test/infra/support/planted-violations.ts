/** One violation or more of each rule: the test breaks them on purpose, and the rule must report it. */
import type { rules } from './rules.ts';
import type { Template } from './template.ts';

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
      t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[0].Resource = ['execute-api:/*'];
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
    rule: 'reviewsComeThroughListedEndpoints',
    how: 'the condition on the endpoints is missing',
    plant: (t) => {
      delete t.Resources['ApiGatewayRestApi']!.Properties['Policy'].Statement[0].Condition;
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
    how: 'data tracing',
    plant: (t) => {
      t.Resources['ApiGatewayStage']!.Properties['MethodSettings'][0].DataTraceEnabled = true;
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
