/** What a verifier has the rate of a cluster count. */
import { beforeEach, describe, expect, test } from 'vitest';
import { denied, ok, unavailable } from '../../../lib/errors.ts';
import type { Result } from '../../../lib/errors.ts';
import { callerFromArn } from '../../../lib/identity/caller-identity.ts';
import type { ReportedIdentity } from '../../../lib/identity/caller-identity.ts';
import { createVerifier } from '../../../lib/token/verify.ts';
import type { Verification, Verifier } from '../../../lib/token/verify.ts';
import { request } from '../../fuzz/sts-answer-data.ts';

const alice = callerFromArn('arn:aws:iam::111122223333:user/alice', {
  principalId: 'AIDADEMOALICE00000001',
  accessKeyId: request.accessKeyId,
}) as ReportedIdentity;
const mismatch = denied('signature_mismatch', { clusterId: 'demo' });
const throttled = unavailable('sts_throttled', { host: request.host });
const open = new AbortController().signal;

let asked: number;
let answer: () => Promise<Result<ReportedIdentity>>;
let verifier: Verifier;
const verify = (): Promise<Verification> => verifier.verify(request, 'demo', open);

describe('a rate of questions', () => {
  let admitted: string[];
  let isAdmitted: boolean;
  beforeEach(() => {
    asked = 0;
    answer = () => Promise.resolve(ok(alice));
    admitted = [];
    isAdmitted = true;
    verifier = createVerifier({
      ask: () => {
        asked += 1;
        return answer();
      },
      clock: () => 0,
      admit: (clusterId) => {
        admitted.push(clusterId);
        return isAdmitted;
      },
    });
  });

  test('counts a question to STS, and a cached identity, since mappings are read next', async () => {
    await verify();
    await verify();
    expect({ asked, admitted }).toEqual({ asked: 1, admitted: ['demo', 'demo'] });
  });

  test.each([
    ['refusal', () => mismatch],
    ['unavailable answer', () => throttled],
  ])('does not count a cached %s, which costs nothing', async (_, result) => {
    answer = () => Promise.resolve(result());
    await verify();
    isAdmitted = false;
    expect(await verify()).toEqual({ ...result(), cacheHit: true, stsMilliseconds: 0 });
    expect(admitted).toHaveLength(1);
  });

  test.each([
    ['a token that STS has not been asked about', false],
    ['a cached identity', true],
  ])('that is used up makes the answer unavailable for %s, and that is not cached', async (_, cached) => {
    if (cached) await verify();
    isAdmitted = false;
    expect(await verify()).toMatchObject({
      ok: false,
      failure: { outcome: 'unavailable', code: 'cluster_rate_exceeded', data: { clusterId: 'demo' } },
      cacheHit: undefined,
      stsMilliseconds: undefined,
    });
    expect(asked).toBe(cached ? 1 : 0);
    isAdmitted = true;
    expect(await verify()).toMatchObject({ ok: true, cacheHit: cached });
  });
});
