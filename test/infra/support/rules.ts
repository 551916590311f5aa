/**
 * Rules for every rendering. Each rule returns one sentence for each violation. The rules read the rendered template,
 * so they hold whatever serverless.yml, the plugin and osls do to create it.
 */
import { tableDefinition, ttlAttribute } from '../../../lib/store/layout/table-definition.ts';
import { exposureRules } from './exposure-rules.ts';
import { resourcesOf, statementsOf } from './template.ts';
import type { Template } from './template.ts';

type Rule = (template: Template) => string[];

const onePathVariablePerParent: Rule = (template) => {
  const names = new Map<string, Set<string>>();
  for (const [, { Properties }] of resourcesOf(template, 'AWS::ApiGateway::Resource')) {
    if (!String(Properties['PathPart']).startsWith('{')) continue;
    const parent = JSON.stringify(Properties['ParentId']);
    names.set(parent, (names.get(parent) ?? new Set()).add(Properties['PathPart']));
  }
  return [...names].flatMap(([parent, parts]) =>
    parts.size > 1
      ? [`${parent} has the path variables ${[...parts].join(' and ')}: the deployment would fail.`]
      : [],
  );
};

const unknownRoutesAreAnswered: Rule = (template) => {
  if (resourcesOf(template, 'AWS::ApiGateway::RestApi').length === 0) return [];
  const responses = resourcesOf(template, 'AWS::ApiGateway::GatewayResponse');
  const [deployment] = resourcesOf(template, 'AWS::ApiGateway::Deployment');
  const unknown = responses.find(([, r]) => r.Properties['ResponseType'] === 'MISSING_AUTHENTICATION_TOKEN');
  const late = [...responses, ...resourcesOf(template, 'AWS::ApiGateway::Method')].filter(
    ([id]) => !deployment?.[1].DependsOn?.includes(id),
  );
  return [
    ...(unknown?.[1].Properties['StatusCode'] === '404' ? [] : ['Unknown routes are not answered with 404.']),
    ...late.map(([id]) => `${id} may be created after the deployment, which then lacks it.`),
  ];
};

const oneFunctionOneRole: Rule = (template) => {
  const users = new Map<string, string[]>();
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const role = JSON.stringify(Properties['Role']);
    users.set(role, [...(users.get(role) ?? []), id]);
  }
  return [...users.values()].flatMap((ids) => (ids.length > 1 ? [`${ids.join(' and ')} share a role.`] : []));
};

const functionsRunOnNode24Arm: Rule = (template) =>
  resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
    Properties['Runtime'] === 'nodejs24.x' && Properties['Architectures']?.join() === 'arm64'
      ? []
      : [`${id} does not run on Node.js 24 and arm64.`],
  );

/** Functions whose callers cannot sign requests and send a bearer token instead. */
const bearerFunctions = new Set(['TokenDashreviewLambdaFunction', 'WhoamiLambdaFunction']);

const adminUrlsAreSigned: Rule = (template) =>
  resourcesOf(template, 'AWS::Lambda::Url').flatMap(([id, { Properties }]) => {
    const target = Properties['TargetFunctionArn']['Fn::GetAtt'][0] as string;
    const fine = Properties['AuthType'] === 'AWS_IAM' || bearerFunctions.has(target);
    return fine ? [] : [`${id} lets everyone call ${target}.`];
  });

const tableCanBeRecovered: Rule = (template) =>
  resourcesOf(template, 'AWS::DynamoDB::Table').flatMap(([id, { Properties, ...resource }]) => {
    const shape = Object.fromEntries(Object.keys(tableDefinition).map((key) => [key, Properties[key]]));
    const ttl = Properties['TimeToLiveSpecification'];
    return [
      ...(Properties['PointInTimeRecoverySpecification']?.PointInTimeRecoveryEnabled === true
        ? []
        : [`${id} has no point-in-time recovery.`]),
      ...(Properties['DeletionProtectionEnabled'] === true ? [] : [`${id} has no deletion protection.`]),
      ...(resource.DeletionPolicy === 'Retain' && resource.UpdateReplacePolicy === 'Retain'
        ? []
        : [`${id} is deleted with the stack.`]),
      ...(JSON.stringify(shape) === JSON.stringify(tableDefinition)
        ? []
        : [`${id} does not have the table definition of the store.`]),
      ...(ttl?.Enabled === true && ttl.AttributeName === ttlAttribute ? [] : [`${id} has no time to live.`]),
    ];
  });

/** Statements that cannot name a resource, and the reason. */
export const unnamedResources: Readonly<Record<string, string>> = {
  'TokenReviewRole DescribeInstances': 'EC2 supports no resource for ec2:DescribeInstances',
  'WhoamiRole DescribeInstances': 'EC2 supports no resource for ec2:DescribeInstances',
  'GroupSyncRole ReadGroups':
    'bindings name groups at run time; the statement covers groups of its own account only',
  'GroupSyncRole ReadGroupsOfOtherAccounts':
    'bindings name accounts at run time; the role name is fixed, and each account must trust the sync',
  'TokenReviewRole Tracing': 'X-Ray supports no resource',
  'WhoamiRole Tracing': 'X-Ray supports no resource',
  'AdminRole Tracing': 'X-Ray supports no resource',
  'GroupSyncRole Tracing': 'X-Ray supports no resource',
};

const resourcesAreNamed: Rule = (template) =>
  statementsOf(template).flatMap(({ role, sid, actions, resources }) => [
    ...(JSON.stringify(resources).includes('*') && unnamedResources[`${role} ${sid}`] === undefined
      ? [`${role} may do ${actions.join(', ')} on more than one named resource.`]
      : []),
    ...(actions.some((action) => action.includes('*')) ? [`${role} has a wildcard among its actions.`] : []),
  ]);

const reviewersOnlyRead: Rule = (template) =>
  statementsOf(template).flatMap(({ role, actions }) => {
    if (role !== 'TokenReviewRole' && role !== 'WhoamiRole') return [];
    const writes = actions.filter((action) => /^dynamodb:(?!Query$|BatchGetItem$)/.test(action));
    return writes.map((action) => `${role} may do ${action}.`);
  });

const logsHaveRetention: Rule = (template) => {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
  const functions = resourcesOf(template, 'AWS::Lambda::Function');
  return [
    ...groups.flatMap(([id, { Properties }]) =>
      Properties['RetentionInDays'] > 0 ? [] : [`${id} has no retention.`],
    ),
    ...functions.flatMap(([id, { Properties }]) =>
      groups.some(([, g]) => g.Properties['LogGroupName'] === `/aws/lambda/${Properties['FunctionName']}`)
        ? []
        : [`${id} has no log group.`],
    ),
  ];
};

const syncIsNotRetried: Rule = (template) => {
  const [schedule] = resourcesOf(template, 'AWS::Scheduler::Schedule');
  const target = schedule?.[1].Properties['Target'];
  const [invocations] = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig');
  const retry = target?.RetryPolicy;
  return [
    ...(retry?.MaximumEventAgeInSeconds === 240 && retry.MaximumRetryAttempts === 0
      ? []
      : ['Late events of the schedule do not expire.']),
    ...(target?.DeadLetterConfig?.Arn === undefined ? ['Lost events of the schedule go to no queue.'] : []),
    ...(invocations?.[1].Properties['MaximumRetryAttempts'] === 0 ? [] : ['Lambda retries a failed sync.']),
    ...(invocations?.[1].Properties['DestinationConfig']?.OnFailure?.Destination === undefined
      ? ['Failed calls of the sync go to no queue.']
      : []),
  ];
};

export const rules = {
  ...exposureRules,
  onePathVariablePerParent,
  unknownRoutesAreAnswered,
  oneFunctionOneRole,
  functionsRunOnNode24Arm,
  adminUrlsAreSigned,
  tableCanBeRecovered,
  resourcesAreNamed,
  reviewersOnlyRead,
  logsHaveRetention,
  syncIsNotRetried,
} satisfies Readonly<Record<string, Rule>>;

export const violations = (template: Template): string[] =>
  Object.values(rules).flatMap((rule) => rule(template));
