// @ts-check
/**
 * What serverless.yml takes from the parameters: `${setting:…}`. Where something is unset, a reference to
 * AWS::NoValue stands in its place, which the plugin removes from the template.
 */

const noValue = { Ref: 'AWS::NoValue' };

/** @typedef {Readonly<Record<string, string>>} Settings as `readSettings` gives them */

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
    // A sync that is off is no alarm: its age then counts as fine when it is missing.
    syncMissingData: settings['group-sync'] === 'on' ? 'breaching' : 'notBreaching',
    refusalAlarmThreshold: Number(settings['refusal-alarm-threshold']),
  };
}

/**
 * Where apiservers send their reviews. The name with the endpoint's id resolves in every VPC, with private DNS or
 * without it. A function URL comes with a slash at its end, which is left out here.
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
 * Everyone may reach the paths that carry their own credential, through the listed endpoints. Nothing is said of
 * admin paths: a statement that allowed them here would let in every principal of the account, whatever its own
 * policies are, since either policy suffices within an account.
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

/** A private domain is reached through an association for each endpoint. */
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

/** Without a key of one's own: DynamoDB's, at no cost. */
const tableEncryption = (/** @type {Settings} */ settings) =>
  settings['table-kms-key-arn']
    ? { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: settings['table-kms-key-arn'] }
    : noValue;

/** With a key of one's own, whoever uses the table needs the key too, by way of DynamoDB and no other. */
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

/** Node mappings look instances up: with the function's own role, or with a reader's. DescribeInstances takes no resource. */
const ec2Statement = (/** @type {Settings} */ settings) =>
  settings['ec2-reader-role-arn']
    ? {
        Sid: 'AssumeInstanceReader',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: settings['ec2-reader-role-arn'],
      }
    : { Sid: 'DescribeInstances', Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' };

/** X-Ray takes no resource. */
const tracingStatement = {
  Sid: 'Tracing',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/** @param {Settings} settings @param {string} name */
const concurrency = (settings, name) => (settings[name] ? Number(settings[name]) : noValue);
