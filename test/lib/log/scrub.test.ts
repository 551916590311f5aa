import { describe, expect, test } from 'vitest';
import { createAdminLog } from '../../../lib/admin/api/log.ts';
import type { AdminEvent } from '../../../lib/admin/api/http.ts';
import { callerFromArn } from '../../../lib/identity/caller-identity.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import type { DecisionEvent } from '../../../lib/log/decision-event.ts';
import { createDecisionLog } from '../../../lib/log/decision-log.ts';
import { namesWithoutCaller, scrubbingWriter } from '../../../lib/log/scrub.ts';
import { createUnreadableItemLog } from '../../../lib/log/unreadable-item.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import type { SyncRun } from '../../../lib/records/sync-run.ts';
import { logSyncRun } from '../../../lib/sync/metrics.ts';

const account = '111122223333';
const arn = `arn:aws:iam::${account}:role/Admin`;
const id = mappingId({ scope: 'cluster/demo', principalKey: arn.toLowerCase(), owner: 'manual' });
const places = [
  account,
  arn,
  id,
  `The mapping ${id} cannot be read.`,
  `mapping/${id}`,
  `x-${id}`,
  `xy_${id}`,
  Buffer.from(`AB${arn}`).toString('base64url'),
];

const decision: Required<DecisionEvent> = {
  function: 'token-review',
  decisionId: 'd1',
  time: 0,
  outcome: 'denied',
  code: 'principal_denied',
  cluster: 'demo',
  detail: 'x',
  canonicalArn: 'x',
  principalId: 'x',
  sessionName: 'x',
  accessKeyId: 'x',
  username: 'x',
  groups: ['x'],
  grantedBy: ['x'],
  scrubbed: false,
  unreachableElsewhere: true,
  stsHost: 'x',
  identityCacheHit: true,
  stsDuration: 1,
  storeDuration: 1,
  duration: 1,
  thrown: { name: 'x', frames: ['x'] },
};
const admin: AdminEvent = {
  actor: 'x',
  method: 'PUT',
  operation: 'putMapping',
  status: 500,
  code: 'internal',
  duration: 1,
  thrown: { name: 'x', frames: ['x'] },
};
const run: SyncRun = {
  id: 'r1',
  state: 'failed',
  dryRun: false,
  requestedBy: 'x',
  startedAt: '2026-11-22T12:00:00Z',
  written: 0,
  detail: 'x',
  bindings: [{ id: 'b1', outcome: 'refused', members: 0, added: 0, updated: 0, removed: 0, detail: 'x' }],
};

/** What each kind of line is written from, and how. */
const lines: Readonly<
  Record<string, { source: object; write: (source: never, to: (line: string) => void) => void }>
> = {
  decision: { source: decision, write: (event, to) => createDecisionLog('debug', to).record(event) },
  admin: { source: admin, write: (event, to) => createAdminLog('debug', to)(event) },
  'sync run': { source: run, write: (event, to) => logSyncRun(event, 0, to) },
  'unreadable item': {
    source: { kind: 'mapping', key: 'x', reason: 'x' },
    write: (event, to) => createUnreadableItemLog(to)(event),
  },
};

/** The value with each text in it replaced in turn. */
function* replaced(value: unknown, text: string): Generator {
  if (value === 'x') yield text;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    for (const other of replaced(inner, text)) {
      yield Array.isArray(value)
        ? value.map((item: unknown, at) => (at === Number(name) ? other : item))
        : { ...value, [name]: other };
    }
  }
}

/** The account as text, in any base64url, in any case. */
function shows(line: string, secret: string): boolean {
  const words = line.match(/[A-Za-z0-9_-]{8,}/g) ?? [];
  const decoded = words.flatMap((word) =>
    [0, 1, 2, 3].map((start) => Buffer.from(word.slice(start), 'base64url').toString('latin1')),
  );
  return [line, ...decoded].some((text) => text.toLowerCase().includes(secret.toLowerCase()));
}

describe('a line of the log without a scrubbed account', () => {
  test.each(Object.keys(lines))('is written whatever field of the event holds the account: %s', (kind) => {
    const { source, write } = lines[kind]!;
    let count = 0;
    for (const place of places) {
      for (const event of replaced(source, place)) {
        const open: string[] = [];
        const written: string[] = [];
        write(event as never, (line) => open.push(line));
        write(
          event as never,
          scrubbingWriter(new Set(['999999999999', account]), (line) => written.push(line)),
        );
        expect(open.some((line) => shows(line, account))).toBe(true);
        expect(written.filter((line) => shows(line, account))).toEqual([]);
        expect(written).toHaveLength(open.length);
        expect(written.filter((line) => line.includes('"scrubbed":true'))).toHaveLength(1);
        count += 1;
      }
    }
    expect(count).toBeGreaterThanOrEqual(places.length);
  });

  test('keeps the names of a caller of another account who put the digits into them', () => {
    const written: Record<string, unknown>[] = [];
    const writer = scrubbingWriter(new Set([account]), (line) => written.push(JSON.parse(line)));
    const chosen = {
      sessionName: `x-${account}`,
      username: `dev:x-${account}`,
      groups: [`team:x-${account}`, 'all'],
    };
    const federated = `arn:aws:sts::999999999999:federated-user/x-${account}`;
    const log = createDecisionLog('debug', writer);
    log.record({ ...decision, ...chosen, canonicalArn: federated, principalId: `999999999999:x-${account}` });
    log.record({ ...decision, ...chosen, canonicalArn: arn });
    expect(written[0]).toMatchObject({
      canonicalArn: 'arn:aws:sts::999999999999:federated-user/x-<scrubbed>',
      principalId: '999999999999:x-<scrubbed>',
      sessionName: 'x-<scrubbed>',
      username: 'dev:x-<scrubbed>',
      groups: ['team:x-<scrubbed>', 'all'],
      scrubbed: true,
    });
    expect(Object.keys(chosen).filter((name) => name in written[1]!)).toEqual([]);
  });

  test('keeps its other fields, and its metrics by cluster and by binding', () => {
    const written: Record<string, unknown>[] = [];
    const writer = scrubbingWriter(new Set([account]), (line) => written.push(JSON.parse(line)));
    createDecisionLog('debug', writer).record({ ...decision, cluster: `prod-${account}`, canonicalArn: arn });
    expect(written).toMatchObject([
      { event: 'decision', Cluster: `prod-${account}`, Decisions: 1, scrubbed: true },
    ]);
    expect(written[0]).not.toHaveProperty('canonicalArn');
    expect(written[0]!['_aws']).toBeDefined();
  });

  test('is the line itself if no such account is in it, or none is scrubbed', () => {
    const written: string[] = [];
    const write = (line: string) => void written.push(line);
    scrubbingWriter(new Set([account]), write)('{"a": 1}\n');
    scrubbingWriter(new Set(), write)(`{"a": "${account}"}\n`);
    expect(written).toEqual(['{"a": 1}\n', `{"a": "${account}"}\n`]);
  });
});

test.each([
  [
    `arn:aws:sts::${account}:assumed-role/Admin/jane@example.com`,
    ['admin', 'x:JANE-example.com', 'ops', account],
    ['ops'],
  ],
  [
    `arn:aws:iam::${account}:user/team/Alice`,
    ['alice', 'team', 'system:masters'],
    ['team', 'system:masters'],
  ],
  [`arn:aws:sts::${account}:federated-user/bob`, ['bob', 'k:ASIAEXAMPLE000000001', 'ops'], ['ops']],
  [`arn:aws:iam::${account}:root`, ['root', `aws:${account}`, 'AIDAEXAMPLE0000000001'], ['root']],
])(
  'of the names of the scrubbed caller %s only those that show nothing of it are left',
  (caller, names, left) => {
    const identity = callerFromArn(caller, {
      principalId: 'AIDAEXAMPLE0000000001',
      accessKeyId: 'ASIAEXAMPLE000000001',
    }) as ReportedIdentity;
    expect(namesWithoutCaller(identity, names)).toEqual(left);
  },
);
