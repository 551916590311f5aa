import { describe, expect, test } from 'vitest';
import { callerErrorCodes, unavailableCodes } from '../../../lib/errors.ts';
import { parseCallerIdentity } from '../../../lib/identity/caller-identity.ts';
import type { CallerIdentity, VerifiedIdentity } from '../../../lib/identity/caller-identity.ts';
import { answerTokenReview } from '../../../lib/kubernetes/answer.ts';
import type { Answerable } from '../../../lib/kubernetes/answer.ts';
import vectors from '../../vectors/wire-table.json' with { type: 'json' };

const alice: CallerIdentity = {
  arn: 'arn:aws:iam::111122223333:user/alice',
  canonicalArn: 'arn:aws:iam::111122223333:user/alice',
  partition: 'aws',
  accountId: '111122223333',
  principal: { kind: 'user', userName: 'alice', path: '/' },
  principalId: 'AIDAALICE',
  sessionName: undefined,
  accessKeyId: 'AKIADEMOALICE0000001',
};
const identities: Record<string, CallerIdentity> = {
  alice,
  scrubbed: { ...alice, accountId: '999999999999' },
};

interface Row {
  readonly name: string;
  readonly decision: { readonly outcome: string; readonly code?: string; readonly identity?: string };
  readonly accountId?: string;
  readonly status: number;
  readonly reason?: string;
  readonly body: unknown;
}
const rows = vectors.rows as readonly Row[];

const decisionOf = ({ decision }: Row): Answerable =>
  ({ ...decision, identity: identities[decision.identity ?? ''] }) as unknown as Answerable;

const answerOf = (row: Row) =>
  answerTokenReview(decisionOf(row), {
    apiVersion: 'authentication.k8s.io/v1beta1',
    decisionId: 'd1',
    scrubbedAccounts: new Set(['999999999999']),
    accountId: row.accountId,
  });

describe('each decision has one wire form', () => {
  test.each(rows.filter(({ status }) => status === 200))('$name: 200, a TokenReview', (row) => {
    expect(answerOf(row)).toEqual({
      status: 200,
      body: { apiVersion: 'authentication.k8s.io/v1beta1', kind: 'TokenReview', status: row.body },
    });
  });

  test.each([
    [
      'a federated user, who differs from root by the unique id',
      { Arn: 'arn:aws:sts::111122223333:federated-user/Bob', UserId: '111122223333:Bob' },
      { uid: '111122223333:111122223333:Bob', sessionName: '', principalId: '111122223333:Bob' },
    ],
    [
      'root',
      { Arn: 'arn:aws:iam::111122223333:root', UserId: '111122223333' },
      { uid: '111122223333:111122223333', sessionName: '', principalId: '111122223333' },
    ],
    [
      'a session of a role',
      { Arn: 'arn:aws:sts::111122223333:assumed-role/Dev/Ann', UserId: 'AROAEXAMPLE0000000001:Ann' },
      { uid: '111122223333:AROAEXAMPLE0000000001', sessionName: 'Ann', principalId: 'AROAEXAMPLE0000000001' },
    ],
  ])('uid and extra are those of aws-iam-authenticator for %s', (_who, reported, { uid, ...extra }) => {
    const result = { Account: '111122223333', ...reported };
    const answer = {
      GetCallerIdentityResponse: { GetCallerIdentityResult: result, ResponseMetadata: { RequestId: 'x' } },
    };
    const identity = parseCallerIdentity(answer, { partition: 'aws', accessKeyId: 'ASIAEXAMPLE000000001' });
    const decision = {
      outcome: 'verified',
      identity: identity.ok && identity.value,
      user: { username: 'u', groups: [] },
    };
    const context = {
      apiVersion: 'authentication.k8s.io/v1',
      decisionId: 'd',
      scrubbedAccounts: new Set<string>(),
    } as const;
    expect(answerTokenReview(decision as unknown as Answerable, context).body).toMatchObject({
      status: {
        user: {
          uid: `aws-iam-authenticator:${uid}`,
          extra: {
            arn: [result.Arn],
            sessionName: [extra.sessionName],
            principalId: [extra.principalId],
            'sigs.k8s.io/aws-iam-authenticator/principalId': [extra.principalId],
          },
        },
      },
    });
  });

  test.each(rows.filter(({ status }) => status !== 200))('$name: $status, a Status', (row) => {
    const answer = answerOf(row);
    expect(answer.status).toBe(row.status);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code: row.status,
      message: row.body,
    });
    expect(answer.body).toMatchObject(row.reason === undefined ? {} : { reason: row.reason });
  });

  test('every unavailable code and every caller error is in the table', () => {
    const codes = new Set(rows.map(({ decision }) => decision.code));
    expect([...unavailableCodes, ...callerErrorCodes].filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe('the apiserver reads an answer as it is meant', () => {
  test('an unavailable decision is answered 429 or 500 with a reason that client-go retries', () => {
    const reasons = rows
      .filter(({ decision }) => decision.outcome === 'unavailable')
      .map((row) => (answerOf(row).body as { reason: string }).reason);
    expect(new Set(reasons)).toEqual(new Set(['TooManyRequests', 'InternalError']));
  });

  test('no answer has a status that it would not retry, or that would send the token elsewhere', () => {
    for (const row of rows) {
      expect(answerOf(row).status).not.toBe(503);
      expect(Math.floor(answerOf(row).status / 100)).not.toBe(3);
    }
  });

  test('no answer sets audiences', () => {
    for (const row of rows) expect(JSON.stringify(answerOf(row))).not.toContain('audiences');
  });

  test('an empty username, which the apiserver would accept, is never sent', () => {
    const answer = answerTokenReview(
      {
        outcome: 'verified',
        identity: alice as VerifiedIdentity,
        user: { username: '', groups: ['system:masters'] },
      },
      { apiVersion: 'authentication.k8s.io/v1', decisionId: 'd1', scrubbedAccounts: new Set() },
    );
    expect(answer).toEqual({
      status: 500,
      body: {
        apiVersion: 'v1',
        kind: 'Status',
        metadata: {},
        status: 'Failure',
        message: 'internal: an empty username',
        reason: 'InternalError',
        code: 500,
      },
    });
  });
});
