// @ts-check
/** The part of the derived values about who reaches the functions, and how often. */
import { noValue } from './no-value.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */

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
export function deriveExposure(settings, { stage }) {
  const vpcEndpointIds = listOf(settings, 'vpc-endpoint-ids');
  return {
    exposure: settings['exposure'],
    adminExposure: settings['admin-exposure'],
    adminHasUrl: settings['admin-exposure'] === 'function-url',
    whoami: settings['whoami'],
    whoamiFile: settings['whoami'] === 'on' ? 'whoami' : 'nothing',
    domain: settings['domain-name'] ? 'domain' : 'nothing',
    domainName: settings['domain-name'],
    certificateArn: settings['certificate-arn'],
    vpcEndpointIds,
    endpointAssociations: endpointAssociations(settings, vpcEndpointIds),
    endpointDenial: endpointDenial(vpcEndpointIds),
    resourcePolicy: resourcePolicy(settings, vpcEndpointIds),
    reviewEndpoint: reviewEndpoint(settings, stage, vpcEndpointIds),
    rateLimit: Number(settings['rate-limit']),
    burstLimit: Number(settings['burst-limit']),
    whoamiThrottle: settings['whoami'] === 'on' ? whoamiThrottle : noValue,
    clusterRate: hasClusterRate(settings) ? 'cluster-rate' : 'nothing',
    clusterRateLimit: Number(settings['cluster-rate-limit']),
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

/** WAF protects a REST API's stage, and no function URL. */
const hasClusterRate = (/** @type {Settings} */ settings) =>
  settings['exposure'] === 'private-api' && settings['cluster-rate-limit'] !== 'off';

/** Anyone may send a token to whoami, and each request reads the table and may ask STS: far fewer than the reviewers'. */
const whoamiThrottle = {
  HttpMethod: 'POST',
  // Slashes are written as ~1.
  ResourcePath: '/~1v1~1clusters~1{clusterId}~1whoami',
  ThrottlingRateLimit: 10,
  ThrottlingBurstLimit: 20,
  DataTraceEnabled: false,
  LoggingLevel: 'OFF',
  MetricsEnabled: false,
};

/**
 * Denies every path to callers from anywhere but the listed endpoints. Without it, a principal of the account could
 * call admin paths through any endpoint of any VPC. A request that came through no endpoint has no aws:SourceVpce;
 * StringNotEquals matches that as well.
 * @param {readonly string[]} vpcEndpointIds
 */
const endpointDenial = (vpcEndpointIds) => ({
  Sid: 'OnlyThroughListedEndpoints',
  Effect: 'Deny',
  Principal: '*',
  Action: 'execute-api:Invoke',
  Resource: 'execute-api:/*',
  Condition: { StringNotEquals: { 'aws:SourceVpce': [...vpcEndpointIds] } },
});

/**
 * Beside the denial, allows everyone to call, through the listed endpoints, the paths whose requests carry their own
 * credential. Admin paths are left out: a statement that allows them would admit every principal of the account,
 * whatever its own policies are, because within an account either policy suffices.
 * @param {Settings} settings @param {readonly string[]} vpcEndpointIds
 */
const resourcePolicy = (settings, vpcEndpointIds) => [
  endpointDenial(vpcEndpointIds),
  {
    Sid: 'RequestsWithTheirOwnCredential',
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
