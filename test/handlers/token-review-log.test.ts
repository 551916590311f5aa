/** What a review leaves in the log. */
import { describe, expect, test } from 'vitest';
import { findSecrets } from '../fixtures/secrets.ts';
import { unreadableBy } from '../../lib/store/layout/unreadable.ts';
import {
  alice,
  createReviewFixture,
  denial,
  mallory,
  mapping,
  review,
  send,
  tokenOf,
} from './review-fixture.ts';

describe('the log of reviews', () => {
  test('every decision is one event with caller, result, reason and durations', async () => {
    const fixture = createReviewFixture();
    await review(fixture, tokenOf(alice));
    expect(fixture.events).toHaveLength(1);
    expect(fixture.events[0]).toMatchObject({
      event: 'decision',
      level: 'info',
      function: 'token-review',
      decisionId: 'd1',
      cluster: 'demo',
      outcome: 'verified',
      code: 'verified',
      canonicalArn: 'arn:aws:iam::111122223333:user/alice',
      principalId: 'AIDAEXAMPLE0000000001',
      accessKeyId: alice,
      username: 'alice',
      groups: ['developers'],
      grantedBy: [mapping('arn:aws:iam::111122223333:user/alice', { username: '', groups: [] }).id],
      stsHost: 'sts.us-east-1.amazonaws.com',
      Decisions: 1,
      Verified: 1,
      IdentityCacheHit: 0,
    });
  });

  test('no token, signature or webhook token is logged, whatever happened', async () => {
    const fixture = createReviewFixture();
    for (const token of [
      tokenOf(alice),
      tokenOf(mallory),
      tokenOf(alice, 'other'),
      `k8s-aws-v1.${'A'.repeat(64)}`,
    ]) {
      await review(fixture, token);
    }
    await send(fixture.handler, { headers: { authorization: `Bearer cswt_${'A'.repeat(43)}` } });
    expect(fixture.events).toHaveLength(5);
    expect(fixture.events.flatMap((event) => findSecrets(JSON.stringify(event)))).toEqual([]);
  });

  test('a name out of a request is never a dimension, so that no caller can create metrics without end', async () => {
    const fixture = createReviewFixture();
    await send(fixture.handler, { path: '/v1/clusters/made-up/tokenreviews' });
    expect(JSON.stringify(fixture.events)).not.toContain('made-up');
  });

  test('for a scrubbed account the decision is logged, but not the caller', async () => {
    const fixture = createReviewFixture({ scrubbedAccounts: ['111122223333'] });
    const granted = await review(fixture, tokenOf(alice));
    const refused = await review(fixture, tokenOf(mallory));
    expect(granted.body.status.user).toEqual({
      username: 'alice',
      uid: 'aws-iam-authenticator:administrative:alice',
      groups: ['developers'],
    });
    expect(refused.body.status.error).toMatch(/^principal_not_mapped: /);
    expect(JSON.stringify([granted, refused, fixture.events])).not.toMatch(/111122223333:user|AKIADEMO/);
  });

  test.each(['handler', 'whoami'] as const)(
    'for a scrubbed account no field of an event of %s shows the caller, whatever the outcome',
    async (part) => {
      const fixture = createReviewFixture({ scrubbedAccounts: ['111122223333'] });
      const ask = async (token: string) =>
        part === 'handler'
          ? review(fixture, token)
          : send(fixture.whoami, {
              path: '/v1/clusters/demo/whoami',
              headers: { authorization: `Bearer ${token}` },
            });
      const named = mapping('arn:aws:iam::111122223333:user/alice', {
        username: 'aws:{{AccountID}}:{{UserName}}',
        groups: ['developers', 'account-{{AccountID}}', 'key-{{AccessKeyID}}'],
      });
      const outcomes = [
        { mappings: [named], denials: [] },
        { mappings: [{ ...named, expiresAt: '2020-01-01T00:00:00Z' }], denials: [] },
        { mappings: [{ ...named, principalId: 'AIDAOTHER00000000001' }], denials: [] },
        { mappings: [named], denials: [denial('arn:aws:iam::111122223333:user/alice')] },
        { mappings: [], denials: [] },
      ];
      for (const entries of outcomes) {
        fixture.entries = entries;
        await ask(tokenOf(alice));
      }
      fixture.faults.readEntries = async () => unreadableBy({ kind: 'mapping', key: named.id });
      await ask(tokenOf(alice));
      expect(fixture.events.map(({ code }) => code)).toEqual([
        'verified',
        'mapping_expired',
        'principal_recreated',
        'principal_denied',
        'principal_not_mapped',
        'store_unavailable',
      ]);
      expect(fixture.events[0]).toMatchObject({ scrubbed: true, groups: ['developers'] });
      const text = JSON.stringify(fixture.events);
      const words = (text.match(/[\w-]{8,}/g) ?? []).map((word) =>
        Buffer.from(word, 'base64url').toString('latin1'),
      );
      for (const secret of ['111122223333', 'alice', 'AIDAEXAMPLE0000000001', alice]) {
        expect([text, ...words].filter((one) => one.toLowerCase().includes(secret.toLowerCase()))).toEqual(
          [],
        );
      }
    },
  );
});
