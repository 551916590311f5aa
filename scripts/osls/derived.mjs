// @ts-check
/**
 * The values of `${setting:…}` in serverless.yml, derived from the parameters. An unset value is a reference to
 * AWS::NoValue, which the plugin removes from the template.
 */

const noValue = { Ref: 'AWS::NoValue' };

/** @typedef {Readonly<Record<string, string>>} Settings as `readSettings` returns them */

/** @param {Settings} settings @param {string} name */
const optional = (settings, name) => settings[name] || noValue;

/** @param {Settings} settings @param {string} name */
const listOf = (settings, name) =>
  (settings[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * @param {Settings} settings
 * @param {{stage: string}} deployment
 * @returns {Record<string, unknown>} by the address in `${setting:<address>}`
 */
export function derive(settings, { stage }) {
  const vpcEndpointIds = listOf(settings, 'vpc-endpoint-ids');
  const tableName = settings['existing-table'] || `countersign-${stage}`;
  return {
    exposure: settings['exposure'],
    adminExposure: settings['admin-exposure'],
    adminHasUrl: settings['admin-exposure'] === 'function-url',
    whoami: settings['whoami'],
    whoamiFile: settings['whoami'] === 'on' ? 'whoami' : 'nothing',
    table: settings['existing-table'] ? 'nothing' : 'table',
    domain: settings['domain-name'] ? 'domain' : 'nothing',
    tableName,
    vpcEndpointIds,
    domainName: settings['domain-name'],
    certificateArn: settings['certificate-arn'],
    endpointAssociations: endpointAssociations(settings, vpcEndpointIds),
    resourcePolicy: resourcePolicy(settings, vpcEndpointIds),
    reviewEndpoint: reviewEndpoint(settings, stage, vpcEndpointIds),
    admins: settings['admins'],
    extraStsRegions: settings['extra-sts-regions'],
    scrubbedAccounts: settings['scrubbed-accounts'],
    ec2ReaderRoleArn: settings['ec2-reader-role-arn'],
    logLevel: settings['log-level'],
    logRetentionDays: Number(settings['log-retention-days']),
    logKmsKeyArn: optional(settings, 'log-kms-key-arn'),
    tableEncryption: tableEncryption(settings),
    tableKeyStatement: tableKeyStatement(settings),
    ec2Statement: ec2Statement(settings),
    tracingStatement: settings['tracing'] === 'on' ? tracingStatement : noValue,
    tracing: settings['tracing'] === 'on',
    reviewConcurrency: concurrency(settings, 'review-concurrency'),
    whoamiConcurrency: concurrency(settings, 'whoami-concurrency'),
    rateLimit: Number(settings['rate-limit']),
    burstLimit: Number(settings['burst-limit']),
    syncState: settings['group-sync'] === 'on' ? 'ENABLED' : 'DISABLED',
    alarmActions: settings['alarm-topic-arn'] ? [settings['alarm-topic-arn']] : noValue,
    // If the sync is off, the missing metric of its age must not raise the alarm.
    syncMissingData: settings['group-sync'] === 'on' ? 'breaching' : 'notBreaching',
    refusalAlarmThreshold: Number(settings['refusal-alarm-threshold']),
  };
}

/**
 * The URL to which apiservers send their reviews. The host name with the endpoint's id resolves in every VPC, with or
 * without private DNS. The trailing slash of a function URL is removed.
 * @param {Settings} settings @param {string} stage @param {readonly string[]} vpcEndpointIds
 */
function reviewEndpoint(settings, stage, vpcEndpointIds) {
  if (settings['domain-name']) return `https://${settings['domain-name']}`;
  if (settings['exposure'] === 'private-api') {
    const host = `\${ApiGatewayRestApi}-${vpcEndpointIds[0]}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`;
    return { 'Fn::Sub': `https://${host}/${stage}` };
  }
  const url = { 'Fn::GetAtt': ['TokenDashreviewLambdaFunctionUrl', 'FunctionUrl'] };
  return { 'Fn::Join': ['', ['https://', { 'Fn::Select': [2, { 'Fn::Split': ['/', url] }] }]] };
}

/**
 * Allows everyone to call, through the listed endpoints, the paths whose requests carry their own credential. Admin
 * paths are left out: a statement that allows them would admit every principal of the account, whatever its own
 * policies are, because within an account either policy suffices.
 * @param {Settings} settings @param {readonly string[]} vpcEndpointIds
 */
const resourcePolicy = (settings, vpcEndpointIds) => [
  {
    Effect: 'Allow',
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource: [
      'execute-api:/*/POST/v1/clusters/*/tokenreviews',
      ...(settings['whoami'] === 'on' ? ['execute-api:/*/POST/v1/clusters/*/whoami'] : []),
      'execute-api:/*/GET/healthz',
    ],
    Condition: { StringEquals: { 'aws:SourceVpce': [...vpcEndpointIds] } },
  },
];

/** A private domain needs one association for each endpoint. */
const endpointAssociations = (
  /** @type {Settings} */ settings,
  /** @type {readonly string[]} */ vpcEndpointIds,
) =>
  settings['domain-name'] === ''
    ? {}
    : Object.fromEntries(
        vpcEndpointIds.map((id, index) => [
          `DomainEndpointAssociation${index + 1}`,
          {
            Type: 'AWS::ApiGateway::DomainNameAccessAssociation',
            Properties: {
              DomainNameArn: { 'Fn::GetAtt': ['Domain', 'DomainNameArn'] },
              AccessAssociationSource: id,
              AccessAssociationSourceType: 'VPCE',
            },
          },
        ]),
      );

/** Without a customer managed key, DynamoDB's own key, at no cost. */
const tableEncryption = (/** @type {Settings} */ settings) =>
  settings['table-kms-key-arn']
    ? { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: settings['table-kms-key-arn'] }
    : noValue;

/** With a customer managed key, every function that uses the table needs the key too, but only through DynamoDB. */
const tableKeyStatement = (/** @type {Settings} */ settings) =>
  settings['table-kms-key-arn']
    ? {
        Sid: 'TableKey',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: settings['table-kms-key-arn'],
        Condition: {
          StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'dynamodb.${AWS::Region}.${AWS::URLSuffix}' } },
        },
      }
    : noValue;

/** Node mappings look up instances with the function's own role or a reader role. DescribeInstances supports no resource. */
const ec2Statement = (/** @type {Settings} */ settings) =>
  settings['ec2-reader-role-arn']
    ? {
        Sid: 'AssumeInstanceReader',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: settings['ec2-reader-role-arn'],
      }
    : { Sid: 'DescribeInstances', Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' };

/** X-Ray supports no resource. */
const tracingStatement = {
  Sid: 'Tracing',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/** @param {Settings} settings @param {string} name */
const concurrency = (settings, name) => (settings[name] ? Number(settings[name]) : noValue);
