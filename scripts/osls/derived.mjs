// @ts-check
/**
 * The values of `${setting:…}` in serverless.yml, derived from the parameters. An unset value is a reference to
 * AWS::NoValue, which the plugin removes from the template.
 */
import { deriveExposure } from './exposure.mjs';
import { noValue } from './no-value.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */

/** @param {Settings} settings @param {string} name */
const optional = (settings, name) => settings[name] || noValue;

/**
 * @param {Settings} settings
 * @param {{stage: string}} deployment
 * @returns {Record<string, unknown>} by the address in `${setting:<address>}`
 */
export function derive(settings, { stage }) {
  const tableName = settings['existing-table'] || `countersign-${stage}`;
  return {
    ...deriveExposure(settings, { stage }),
    table: settings['existing-table'] ? 'nothing' : 'table',
    tableName,
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
    syncState: settings['group-sync'] === 'on' ? 'ENABLED' : 'DISABLED',
    alarmActions: settings['alarm-topic-arn'] ? [settings['alarm-topic-arn']] : noValue,
    // If the sync is off, the missing metric of its age must not raise the alarm.
    syncMissingData: settings['group-sync'] === 'on' ? 'breaching' : 'notBreaching',
    refusalAlarmThreshold: Number(settings['refusal-alarm-threshold']),
    clusterAlarmThreshold: Number(settings['cluster-alarm-threshold']),
  };
}

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
