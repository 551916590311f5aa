/**
 * The part of CloudFormation's resource specification that our templates use: for each type, which properties it must
 * have and may have. Checked on every machine; cfn-lint checks all of it where it is present.
 * Source: the AWS resource and property types reference, 2026-11.
 */
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
      'AlarmActions AlarmDescription AlarmName DatapointsToAlarm Dimensions MetricName Namespace OKActions Period Statistic Threshold TreatMissingData',
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
};

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** What the schema has against a template: properties that are missing or unknown, references that lead nowhere. */
export function schemaProblems(template: Template): string[] {
  const problems = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const shape = shapes[Type];
    if (shape === undefined) return [`${id} has the type ${Type}, which the schema does not hold.`];
    const known = new Set([...words(shape.required), ...words(shape.optional ?? '')]);
    return [
      ...words(shape.required).flatMap((name) => (name in Properties ? [] : [`${id} lacks ${name}.`])),
      ...Object.keys(Properties).flatMap((name) =>
        known.has(name) ? [] : [`${id} has an unknown ${name}.`],
      ),
    ];
  });
  const names = [...references(template)].filter(
    (name) => !name.startsWith('AWS::') && !template.Resources[name],
  );
  return [...problems, ...names.map((name) => `${name} is referred to and is not there.`)];
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
