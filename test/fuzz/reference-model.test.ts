/**
 * The review against the reference model, in random worlds. The review's own code runs from the token to the answer;
 * STS, EC2 and the table are answered from the world. The reviewer lives on through many worlds of one batch, and
 * the table changes under it: what it remembers must never show.
 */
import { expect, test } from 'vitest';
import { stsHosts } from '../../lib/identity/partitions.ts';
import { ok } from '../../lib/errors.ts';
import { parseCallerIdentity } from '../../lib/identity/caller-identity.ts';
import { denialId, denialRef } from '../../lib/records/denial.ts';
import { mappingId } from '../../lib/records/mapping.ts';
import { mappingKeyOf } from '../../lib/records/principal.ts';
import type { Denial, StoredDenial } from '../../lib/records/denial.ts';
import type { Mapping, StoredMapping } from '../../lib/records/mapping.ts';
import type { Principal } from '../../lib/records/principal.ts';
import type { Scope } from '../../lib/records/scope.ts';
import { decideToken } from '../../lib/review/review-token.ts';
import { ReviewTrace } from '../../lib/review/trace.ts';
import type { Entries, Lookup } from '../../lib/records/lookup.ts';
import { generateToken } from '../../lib/token/generate.ts';
import { createVerifier } from '../../lib/token/verify.ts';
import { type Answer, type Caller, expectedAnswer, type Question } from '../reference/model.ts';
import { type Random, randomQuestion, seeded } from '../reference/random.ts';
import { cases } from '../fixtures/scale.ts';

const worlds = cases(10_000, 200_000);
const start = Date.parse('2026-11-22T12:00:00Z');
const hosts = stsHosts([]);
const signal = new AbortController().signal;
const bookkeeping = { version: 1, createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' };

function stsAnswer({ kind, partition, account, name, path, session, id }: Caller): unknown {
  const [Arn, UserId] = {
    role: [`arn:${partition}:sts::${account}:assumed-role/${name}/${session}`, `${id}:${session}`],
    user: [`arn:${partition}:iam::${account}:user${path}${name}`, id],
    root: [`arn:${partition}:iam::${account}:root`, account],
    'federated-user': [`arn:${partition}:sts::${account}:federated-user/${name}`, `${account}:${name}`],
  }[kind];
  return {
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: { Account: account, Arn, UserId },
      ResponseMetadata: { RequestId: '01234567-89ab-cdef-0123-456789abcdef' },
    },
  };
}

/** The world's entries under the keys that the table would have them under: the last of equal keys stays. */
function toTable({ entries, bans }: Question) {
  const mappings = new Map<string, StoredMapping>();
  for (const entry of entries) {
    const mapping: Mapping = {
      ...entry,
      principal: entry.principal as Principal,
      scope: entry.scope as Scope,
    };
    const ref = { scope: mapping.scope, principalKey: mappingKeyOf(mapping.principal), owner: entry.owner };
    mappings.set(mappingId(ref), { ...mapping, ...ref, ...bookkeeping, id: mappingId(ref) });
  }
  const denials = new Map<string, StoredDenial>();
  for (const ban of bans) {
    const denial = { ...ban, reason: 'test' } as Denial;
    const ref = denialRef(denial);
    denials.set(denialId(ref), { ...denial, ...ref, ...bookkeeping, id: denialId(ref) });
  }
  return { mappings, denials };
}

/** One reviewer for a batch of worlds: its caches grow warm with other worlds' identities. */
function createReviewer() {
  let question: Question;
  let table: ReturnType<typeof toTable>;
  const clock = (): number => question.now;
  const verifier = createVerifier({
    clock,
    ask: async (request) => {
      const identity = parseCallerIdentity(stsAnswer(question.caller), request);
      if (!identity.ok) throw new Error(identity.failure.rule);
      return ok(identity.value);
    },
  });
  const readEntries = async (lookup: Lookup) => {
    const found: Entries = {
      mappings: lookup.mappings.flatMap((ref) => table.mappings.get(mappingId(ref)) ?? []),
      denials: lookup.denials.flatMap((ref) => table.denials.get(denialId(ref)) ?? []),
    };
    return ok(found);
  };
  const readInstance = async ({ instanceId }: { instanceId: string }) => {
    const machine = question.machines.find(({ id }) => id === instanceId);
    return ok(
      machine && {
        instanceId,
        accountId: machine.account,
        state: machine.state,
        instanceProfileArn: machine.profile,
        privateDnsName: machine.dnsName,
      },
    );
  };
  const dependencies = { hosts, verifier, store: { readEntries }, instances: { readInstance }, clock };
  return async (next: Question): Promise<Answer> => {
    question = next;
    table = toTable(next);
    const { place, caller, now } = next;
    const cluster = {
      ...bookkeeping,
      ...place,
      sets: place.sets,
      adminGroups: [],
      partition: caller.partition as 'aws',
    };
    const region = caller.partition === 'aws' ? 'eu-central-1' : 'us-gov-west-1';
    // The secret holds the caller: another identity, another token.
    const credentials = { accessKeyId: caller.accessKey, secretAccessKey: JSON.stringify(caller) };
    const { token } = generateToken({ clusterId: place.id, region, credentials, now });
    const decision = await decideToken(
      dependencies,
      { cluster, token },
      new ReviewTrace('test', clock),
      signal,
    );
    if (decision.outcome !== 'verified') return { code: decision.code };
    return { code: 'verified', username: decision.user.username, groups: [...decision.user.groups] };
  };
}

/** The table keeps one entry for a key: so must the model's question. */
function withoutDoubles(question: Question): Question {
  const table = toTable(question);
  return {
    ...question,
    entries: [...table.mappings.values()] as unknown as Question['entries'],
    bans: [...table.denials.values()] as unknown as Question['bans'],
  };
}

/** Draws until a world has the outcome that is wanted, so that each outcome has its share. */
function drawQuestion(random: Random, now: number, wanted: string): Question {
  for (;;) {
    const drawn = randomQuestion(random, now);
    // Most draws end here: doubles change the outcome seldom, and are dear to find.
    if (expectedAnswer(drawn).code !== wanted) continue;
    const question = withoutDoubles(drawn);
    if (expectedAnswer(question).code === wanted) return question;
  }
}

const codes = [
  'verified',
  'cluster_disabled',
  'principal_denied',
  'principal_not_mapped',
  'principal_recreated',
  'mapping_expired',
  'instance_not_verified',
  'username_invalid',
];

/** COUNTERSIGN_SEED gives other worlds; the seed is part of the test's name. */
const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 20_261_122);

test(`in ${worlds} random worlds (seed ${seed}) the review answers as the reference model does`, async () => {
  const random = seeded(seed);
  const outcomes = new Map<string, number>();
  let review = createReviewer();
  for (let world = 0; world < worlds; world += 1) {
    if (world % 500 === 0) review = createReviewer();
    const wanted = codes[world % codes.length]!;
    const question = drawQuestion(random, start + (world % 500) * 1000, wanted);
    const expected = expectedAnswer(question);
    outcomes.set(expected.code, (outcomes.get(expected.code) ?? 0) + 1);
    const answer = await review(question);
    expect({ world, answer }).toEqual({ world, answer: expected });
    // Again, with one entry less: the identity is remembered, the table is not.
    const changed = { ...question, entries: question.entries.slice(1) };
    expect({ world, answer: await review(changed) }).toEqual({ world, answer: expectedAnswer(changed) });
  }
  for (const code of codes) expect(outcomes.get(code) ?? 0, code).toBeGreaterThanOrEqual(worlds / 10);
}, 900_000);
