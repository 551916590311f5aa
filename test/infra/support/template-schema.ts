/**
 * The part of CloudFormation's resource specification that our templates use: the required and the optional properties of
 * each type. Checked on every machine; cfn-lint, if installed, checks the whole specification.
 * Source: the AWS resource and property types reference, 2026-11.
 */
import { compileSchema } from '../../fixtures/json-schema.ts';
import { closed } from './closed-schema.ts';
import type { Template } from './template.ts';

interface Shape {
  readonly required: string;
  readonly optional?: string;
}

const shapes: Readonly<Record<string, Shape>> = {
  'AWS::ApiGateway::BasePathMappingV2': { required: 'DomainNameArn RestApiId Stage', optional: 'BasePath' },
  'AWS::ApiGateway::Deployment': { required: 'RestApiId', optional: 'Description' },
  'AWS::ApiGateway::DomainNameAccessAssociation': {
    required: 'AccessAssociationSource AccessAssociationSourceType DomainNameArn',
  },
  'AWS::ApiGateway::DomainNameV2': {
    required: 'CertificateArn DomainName',
    optional: 'EndpointConfiguration Policy SecurityPolicy',
  },
  'AWS::ApiGateway::GatewayResponse': {
    required: 'ResponseType RestApiId',
    optional: 'ResponseParameters ResponseTemplates StatusCode',
  },
  'AWS::ApiGateway::Method': {
    required: 'HttpMethod ResourceId RestApiId',
    optional: 'ApiKeyRequired AuthorizationType Integration MethodResponses RequestParameters',
  },
  'AWS::ApiGateway::Resource': { required: 'ParentId PathPart RestApiId' },
  'AWS::ApiGateway::RestApi': { required: 'Name', optional: 'Description EndpointConfiguration Policy' },
  'AWS::ApiGateway::Stage': {
    required: 'RestApiId',
    optional: 'DeploymentId MethodSettings StageName TracingEnabled',
  },
  'AWS::CloudWatch::Alarm': {
    required: 'ComparisonOperator EvaluationPeriods',
    optional:
      'AlarmActions AlarmDescription AlarmName DatapointsToAlarm Dimensions MetricName Metrics Namespace OKActions Period Statistic Threshold TreatMissingData',
  },
  'AWS::DynamoDB::Table': {
    required: 'KeySchema',
    optional:
      'AttributeDefinitions BillingMode DeletionProtectionEnabled GlobalSecondaryIndexes PointInTimeRecoverySpecification SSESpecification TableName TimeToLiveSpecification',
  },
  'AWS::IAM::Role': { required: 'AssumeRolePolicyDocument', optional: 'Policies' },
  'AWS::Lambda::EventInvokeConfig': {
    required: 'FunctionName Qualifier',
    optional: 'DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts',
  },
  'AWS::Lambda::Function': {
    required: 'Code Role',
    optional:
      'Architectures Description Environment FunctionName Handler MemorySize ReservedConcurrentExecutions Runtime Timeout TracingConfig',
  },
  'AWS::Lambda::Permission': {
    required: 'Action FunctionName Principal',
    optional: 'FunctionUrlAuthType InvokedViaFunctionUrl SourceArn',
  },
  'AWS::Lambda::Url': { required: 'AuthType TargetFunctionArn', optional: 'Cors InvokeMode' },
  'AWS::Logs::LogGroup': { required: '', optional: 'KmsKeyId LogGroupName RetentionInDays' },
  'AWS::S3::Bucket': { required: '', optional: 'BucketEncryption PublicAccessBlockConfiguration' },
  'AWS::S3::BucketPolicy': { required: 'Bucket PolicyDocument' },
  'AWS::SQS::Queue': { required: '', optional: 'MessageRetentionPeriod SqsManagedSseEnabled' },
  'AWS::Scheduler::Schedule': {
    required: 'FlexibleTimeWindow ScheduleExpression Target',
    optional: 'Description State',
  },
  'AWS::WAFv2::WebACL': {
    required: 'DefaultAction Scope VisibilityConfig',
    optional: 'CustomResponseBodies DataProtectionConfig Description Name Rules',
  },
  'AWS::WAFv2::WebACLAssociation': { required: 'ResourceArn WebACLArn' },
};

const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '');

const validators = new Map(
  Object.entries(shapes).map(([type, { required, optional }]) => {
    const names = [...words(required), ...words(optional).map((name) => `${name}?`)];
    return [type, compileSchema(closed(Object.fromEntries(names.map((name) => [name, {}]))))];
  }),
);

/** One sentence for each missing or unknown property, unknown resource type, and reference to a missing resource. */
export function schemaProblems(template: Template): string[] {
  const problems = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const errors = validators.get(Type)?.(Properties) ?? [`the type ${Type} is not in the schema`];
    return errors.map((error) => `${id}: ${error}`);
  });
  const names = [...references(template)].filter(
    (name) => !name.startsWith('AWS::') && !template.Resources[name],
  );
  return [...problems, ...names.map((name) => `${name} is referred to, but there is no such resource`)];
}

/** Names in Ref, Fn::GetAtt, Fn::Sub and DependsOn. */
function* references(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* references(item);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Ref') yield String(inner);
      else if (key === 'Fn::GetAtt') yield String(Array.isArray(inner) ? inner[0] : inner.split('.')[0]);
      else if (key === 'DependsOn') yield* [inner].flat() as string[];
      else if (key === 'Fn::Sub') {
        const text = String(Array.isArray(inner) ? inner[0] : inner);
        for (const [, name = ''] of text.matchAll(/\$\{([\w:]+)(?:\.\w+)?\}/g)) yield name;
      } else yield* references(inner);
    }
  }
}
