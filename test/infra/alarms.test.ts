/** An alarm on a metric that is never emitted never fires: each one is compared with what the functions really log. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { logSyncRun } from '../../lib/sync/metrics.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';
import type { DecisionEvent } from '../../lib/log/decision-event.ts';
import type { SyncRun } from '../../lib/records/sync-run.ts';

interface Alarm {
  readonly AlarmName: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Metrics?: readonly { readonly Expression: string }[];
}

const insightsQuery =
  /^SELECT SUM\("(?<metric>\w+)"\) FROM SCHEMA\("(?<namespace>\w+)", (?<keys>"\w+"(?:, "\w+")*)\) WHERE "(?<key>\w+)" = '(?<value>[\w-]+)' GROUP BY "(?<group>\w+)" ORDER BY SUM\(\) DESC$/;

/** `namespace metric name=value,…` of the metric of an alarm; of a query, with the cluster of the example. */
function watched({ Namespace, MetricName, Dimensions, Metrics }: Alarm): string {
  if (Metrics === undefined) {
    const dimensions = Dimensions!.map(({ Name, Value }) => `${Name}=${String(Value)}`).join();
    return `${Namespace} ${MetricName} ${dimensions}`;
  }
  const query = insightsQuery.exec(Metrics[0]!.Expression)!.groups!;
  const values = { [query['key']!]: query['value'], [query['group']!]: decision.cluster };
  const keys = query['keys']!.replaceAll('"', '').split(', ');
  return `${query['namespace']} ${query['metric']} ${keys.map((key) => `${key}=${values[key]}`).join()}`;
}

const now = Date.parse('2026-11-01T12:00:00Z');

const decision: DecisionEvent = {
  function: 'token-review',
  decisionId: '01J00000000000000000000000',
  time: now,
  outcome: 'unavailable',
  code: 'sts_throttled',
  cluster: 'staging',
  duration: 12,
};
const run: SyncRun = {
  id: '01J00000000000000000000000',
  state: 'done',
  dryRun: false,
  written: 0,
  startedAt: new Date(now).toISOString(),
  requestedBy: 'schedule',
  lastGood: { dev: new Date(now).toISOString() },
  bindings: [{ id: 'dev', outcome: 'guarded', members: 3, added: 0, updated: 0, removed: 0 }],
} as unknown as SyncRun;

/** `namespace metric name=value,…` of every metric in embedded metric format. */
function emitted(write: (sink: (line: string) => void) => void): string[] {
  const lines: string[] = [];
  write((line) => lines.push(line));
  return lines.flatMap((line) => {
    const body = JSON.parse(line);
    return body._aws.CloudWatchMetrics.flatMap(
      (directive: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }) =>
        directive.Dimensions.flatMap((names) =>
          directive.Metrics.filter(({ Name }) => typeof body[Name] === 'number').map(
            ({ Name }) =>
              `${directive.Namespace} ${Name} ${names.map((name) => `${name}=${body[name]}`).join()}`,
          ),
        ),
    );
  });
}

/** Metrics that AWS itself emits for the resources of our template. */
const countedByAws = [
  'AWS/Lambda Errors FunctionName=TokenDashreviewLambdaFunction',
  'AWS/Lambda Throttles FunctionName=TokenDashreviewLambdaFunction',
  'AWS/SQS ApproximateNumberOfMessagesVisible QueueName=SyncDeadLetters.QueueName',
];

const metrics = new Set([
  ...emitted((sink) => createDecisionLog('info', sink).record(decision)),
  ...emitted((sink) =>
    createDecisionLog('info', sink).record({ ...decision, outcome: 'denied', code: 'principal_not_mapped' }),
  ),
  ...emitted((sink) => logSyncRun(run, now, sink)),
  ...countedByAws,
]);

// osls resolves `${setting:…}` and CloudFormation's tags; here their names are enough.
const tags = ['!Ref', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));
const { Resources } = parse(readFileSync('infra/cloudformation/alarms.yml', 'utf8'), {
  customTags: tags,
}) as {
  Resources: Record<string, { Properties: Alarm }>;
};
const alarms = Object.entries(Resources).map(([id, { Properties }]) => ({ id, ...Properties }));

describe('alarm', () => {
  test.each(alarms)('$id watches a metric that is emitted with these dimensions', (alarm) => {
    expect(metrics).toContain(watched(alarm));
  });

  test('one alarm has a state for each cluster, and a query that fits CloudWatch', () => {
    const grouped = alarms.filter(({ Metrics }) => Metrics !== undefined);
    expect(grouped.map(({ id }) => id)).toEqual(['ClusterFlood']);
    expect(grouped[0]!.Metrics![0]!.Expression).toMatch(/ GROUP BY "Cluster" ORDER BY /);
  });

  test.each(alarms)('$id is explained in docs/operations.md', ({ AlarmName }) => {
    const name = AlarmName.replace('countersign-${sls:stage}-', '');
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(`| \`${name}\` |`);
  });
});
