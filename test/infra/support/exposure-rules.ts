/** Rules about who reaches the private API, and how much of it one caller can use up. */
import { passFirewall } from './firewall.ts';
import type { WebRequest } from './firewall.ts';
import { matchesPattern, policyVerdict } from './resource-policy.ts';
import { methodsOf, resourcesOf } from './template.ts';
import type { Resource, Template } from './template.ts';

type Rule = (template: Template) => string[];

const openPath = /^(?:POST \/v1\/clusters\/\{clusterId\}\/(?:tokenreviews|whoami)|GET \/healthz)$/;

/** Values of a path variable that could look like an open path. `{proxy+}` matches slashes too. */
const samples = ['x', 'tokenreviews', 'whoami', 'healthz'];
const paths = (path: string): string[] =>
  samples.map((sample) =>
    path.replaceAll(/\{(\w+)(\+?)\}/g, (_, __, greedy) => (greedy ? `x/${sample}` : sample)),
  );

/** The resource policies through which a call must get: the API's, and that of its domain. */
const policiesOf = (template: Template) =>
  ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainNameV2'].flatMap((type) =>
    resourcesOf(template, type).map(([id, { Properties }]) => ({
      id,
      statements: Properties['Policy'].Statement,
    })),
  );

const adminPathsStayClosed: Rule = (template) => {
  const [api] = resourcesOf(template, 'AWS::ApiGateway::RestApi');
  if (api === undefined) return [];
  // oxlint-disable-next-line typescript/no-explicit-any
  const statements = api[1].Properties['Policy'].Statement as any[];
  const patterns = statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => [statement.Resource].flat() as string[]);
  return methodsOf(template).flatMap(({ method, path, authorization }) => {
    if (openPath.test(`${method} ${path}`)) return [];
    if (authorization !== 'AWS_IAM') return [`${method} ${path} needs no signature.`];
    const opened = patterns.filter((pattern) =>
      paths(path).some((sample) => matchesPattern(pattern, `execute-api:/stage/${method}${sample}`)),
    );
    return opened.map((pattern) => `The resource policy's ${pattern} covers ${method} ${path}.`);
  });
};

/** An endpoint that exists, but is not ours; no endpoint; and one whose id begins like a listed one. */
const strangers = (listed: readonly string[]) => ['vpce-0fffffffffffffff0', undefined, `${listed[0]}0`];

const callsComeThroughListedEndpoints: Rule = (template) =>
  resourcesOf(template, 'AWS::ApiGateway::RestApi').flatMap(([id, { Properties }]) => {
    const { Types, VpcEndpointIds: listed } = Properties['EndpointConfiguration'];
    const problems = Types.join() === 'PRIVATE' ? [] : [`${id} is not private.`];
    for (const policy of policiesOf(template)) {
      for (const { method, path } of methodsOf(template)) {
        const resource = `execute-api:/stage/${method}${path}`;
        for (const endpoint of strangers(listed)) {
          if (policyVerdict(policy.statements, { resource, endpoint }) !== 'denied')
            problems.push(`${policy.id} lets ${endpoint ?? 'no endpoint'} call ${method} ${path}.`);
        }
        for (const endpoint of listed) {
          if (policyVerdict(policy.statements, { resource, endpoint }) === 'denied')
            problems.push(`${policy.id} denies ${endpoint} ${method} ${path}.`);
        }
      }
    }
    return problems;
  });

const stageIsThrottledAndSilent: Rule = (template) =>
  resourcesOf(template, 'AWS::ApiGateway::RestApi').flatMap(() => {
    const [stage] = resourcesOf(template, 'AWS::ApiGateway::Stage');
    const settings = stage?.[1].Properties['MethodSettings'] ?? [];
    const all = settings.find(
      (s: Record<string, unknown>) => s['ResourcePath'] === '/*' && s['HttpMethod'] === '*',
    );
    return [
      ...(all?.ThrottlingRateLimit > 0 && all.ThrottlingBurstLimit > 0
        ? []
        : ['The stage is not throttled.']),
      ...settings.flatMap((s: Record<string, unknown>) =>
        s['DataTraceEnabled'] === false && s['LoggingLevel'] === 'OFF'
          ? []
          : ['The stage logs requests with their tokens.'],
      ),
    ];
  });

/** Of the method, by the name that the stage has for it. */
const whoamiHasAThrottleOfItsOwn: Rule = (template) =>
  methodsOf(template).flatMap(({ method, path }) => {
    if (!path.endsWith('/whoami')) return [];
    const [stage] = resourcesOf(template, 'AWS::ApiGateway::Stage');
    const own = stage?.[1].Properties['MethodSettings'].find(
      (s: Record<string, unknown>) =>
        s['HttpMethod'] === method && s['ResourcePath'] === `/${path.replaceAll('/', '~1')}`,
    );
    return own?.ThrottlingRateLimit <= 10 && own.ThrottlingBurstLimit <= 20
      ? []
      : [`${method} ${path} shares the throttle of all methods.`];
  });

const review = '/prod/v1/clusters/staging/tokenreviews';
const webhook = 'Bearer WEBHOOK-TOKEN';
const passages: readonly {
  readonly request: WebRequest;
  /** `uncounted`, `blocked`, or the key by which it is counted. */
  readonly passes: string;
}[] = [
  { request: { path: review, headers: { authorization: webhook } }, passes: webhook },
  // The same token on another cluster's path, from anywhere: one count.
  {
    request: {
      path: '/prod/v1/clusters/prod/tokenreviews',
      headers: { authorization: webhook, 'x-forwarded-for': '10.1.2.3' },
    },
    passes: webhook,
  },
  // Invalid tokens in the name of a cluster do not count as its own.
  { request: { path: review, headers: { authorization: 'Bearer other' } }, passes: 'Bearer other' },
  {
    request: { path: review, headers: { authorization: webhook.toLowerCase() } },
    passes: webhook.toLowerCase(),
  },
  {
    request: {
      path: review.replace('tokenreviews', '%74okenreview%73'),
      headers: { authorization: webhook },
    },
    passes: webhook,
  },
  { request: { path: review, headers: {} }, passes: 'blocked' },
  { request: { path: review, headers: { authorization: '' } }, passes: 'blocked' },
  { request: { path: '/prod/healthz', headers: {} }, passes: 'uncounted' },
  {
    request: { path: '/prod/v1/info', headers: { authorization: 'AWS4-HMAC-SHA256 …' } },
    passes: 'uncounted',
  },
  {
    request: { path: '/prod/v1/clusters/x/whoami', headers: { authorization: 'Bearer TOKEN' } },
    passes: 'uncounted',
  },
];

function passage(firewall: Resource, request: WebRequest): string {
  const { blockedBy, countedBy } = passFirewall(firewall, request);
  return blockedBy === undefined ? Object.values(countedBy).join() || 'uncounted' : 'blocked';
}

const reviewsAreCountedByWebhookToken: Rule = (template) =>
  resourcesOf(template, 'AWS::ApiGateway::Stage').flatMap(([stage]) => {
    const [firewall] = resourcesOf(template, 'AWS::WAFv2::WebACL');
    const [association] = resourcesOf(template, 'AWS::WAFv2::WebACLAssociation');
    if (firewall === undefined) return [`${stage} has no firewall.`];
    const { ResourceArn, WebACLArn } = association?.[1].Properties ?? {};
    const isAssociated =
      ResourceArn?.['Fn::Sub']?.endsWith(`/restapis/\${ApiGatewayRestApi}/stages/\${${stage}}`) === true &&
      WebACLArn['Fn::GetAtt'].join('.') === `${firewall[0]}.Arn`;
    const rates = firewall[1].Properties['Rules'].flatMap(
      (rule: Resource['Properties']) => rule['Statement'].RateBasedStatement ?? [],
    );
    return [
      ...(isAssociated ? [] : [`${firewall[0]} is not associated with ${stage}.`]),
      ...(rates.length === 1 && rates[0].EvaluationWindowSec === 60 && rates[0].Limit >= 10
        ? []
        : [`${firewall[0]} does not have one limit in 60 s.`]),
      ...passages.flatMap(({ request, passes }) => {
        const actual = passage(firewall[1], request);
        return actual === passes ? [] : [`${JSON.stringify(request)}: ${actual}, not ${passes}.`];
      }),
    ];
  });

/** A log and sampled requests hold webhook tokens. */
const firewallKeepsNoRequest: Rule = (template) =>
  resourcesOf(template, 'AWS::WAFv2::WebACL').flatMap(([id, { Properties }]) => {
    const visibility = [Properties, ...Properties['Rules']].map((part) => part.VisibilityConfig);
    const [protection] = Properties['DataProtectionConfig']?.DataProtections ?? [];
    const replaced =
      protection?.Action === 'SUBSTITUTION' &&
      protection.Field.FieldKeys.join() === 'authorization' &&
      protection.ExcludeRateBasedDetails === false &&
      protection.ExcludeRuleMatchDetails === false;
    return [
      ...(visibility.every((config) => config?.SampledRequestsEnabled === false)
        ? []
        : [`${id} keeps samples of requests.`]),
      ...resourcesOf(template, 'AWS::WAFv2::LoggingConfiguration').map(([log]) => `${log} logs requests.`),
      ...(replaced ? [] : [`${id} leaves the Authorization header in what it records.`]),
    ];
  });

/** 429 is what apiservers retry. */
const limitedReviewsAreRetried: Rule = (template) => {
  if (resourcesOf(template, 'AWS::WAFv2::WebACL').length === 0) return [];
  const answer = resourcesOf(template, 'AWS::ApiGateway::GatewayResponse').find(
    ([, { Properties }]) => Properties['ResponseType'] === 'WAF_FILTERED',
  )?.[1].Properties;
  const body = JSON.parse(answer?.['ResponseTemplates']['application/json'] ?? '{}');
  return answer?.['StatusCode'] === '429' && body.kind === 'Status' && body.code === 429
    ? []
    : ['Reviews over the limit are not answered with 429.'];
};

export const exposureRules = {
  adminPathsStayClosed,
  callsComeThroughListedEndpoints,
  stageIsThrottledAndSilent,
  whoamiHasAThrottleOfItsOwn,
  reviewsAreCountedByWebhookToken,
  firewallKeepsNoRequest,
  limitedReviewsAreRetried,
} satisfies Readonly<Record<string, Rule>>;
