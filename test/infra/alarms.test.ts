/** An alarm on a metric that is never emitted never fires: each one is compared with what the functions really log. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { logSyncRun } from '../../lib/sync/metrics.ts';
import { createDecisionLog } from '../../lib/log/decision-log.ts';
import type { DecisionEvent } from '../../lib/log/decision-event.ts';
import type { SyncRun } from '../../lib/records/sync-run.ts';

interface Alarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

const now = Date.parse('2026-11-01T12:00:00Z');

const decision: DecisionEvent = {
  function: 'token-review',
  decisionId: '01J00000000000000000000000',
  time: now,
  outcome: 'unavailable',
  code: 'sts_throttled',
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
  Resources: Record<string, { Properties: Alarm & { AlarmName: string } }>;
};
const alarms = Object.entries(Resources).map(([id, { Properties }]) => ({ id, ...Properties }));

describe('alarm', () => {
  test.each(alarms)('$id watches a metric that is emitted with these dimensions', (alarm) => {
    const dimensions = alarm.Dimensions.map(({ Name, Value }) => `${Name}=${String(Value)}`).join();
    expect(metrics).toContain(`${alarm.Namespace} ${alarm.MetricName} ${dimensions}`);
  });

  test.each(alarms)('$id is explained in docs/operations.md', ({ AlarmName }) => {
    const name = AlarmName.replace('countersign-${sls:stage}-', '');
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(`| \`${name}\` |`);
  });
});
