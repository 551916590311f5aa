import * as v from 'valibot';
import { strictObject } from '../../../json/strict-object.ts';
import { parsePrincipalArn } from '../../../identity/arn.ts';
import { accessKeyId, clusterId, sessionName, uniqueId } from '../../../records/input/fields.ts';
import { explainAnswer } from '../answers.ts';
import { explain } from '../../access/explain.ts';
import type { Explanation } from '../../access/explain.ts';
import { callerFromArn } from '../../../identity/caller-identity.ts';
import { invalidInput } from '../../problem.ts';
import { defineRoute, noParams, noQuery } from '../route.ts';
import { readOrThrow } from '../../lists/store-results.ts';
import { noSuchCluster } from './common.ts';

const arnRule = 'arn must be that of a role, a role session, a user, an account root or a federated user.';

const explainInput = strictObject('the question', {
  clusterId,
  arn: v.pipe(
    v.string(arnRule),
    v.check((text) => parsePrincipalArn(text) !== undefined, arnRule),
  ),
  principalId: v.optional(uniqueId),
  sessionName: v.optional(sessionName),
  accessKeyId: v.optional(accessKeyId),
});

const toAnswer = ({ entries, nearMisses, nearDenials, ...rest }: Explanation) => ({
  ...rest,
  entries: entries.map(({ mapping: { id, scope, owner, principal }, ...judged }) => ({
    mappingId: id,
    scope,
    owner,
    principal,
    ...judged,
  })),
  nearMisses: nearMisses.map(({ mapping: { id, scope, principal }, differs, detail }) => ({
    mappingId: id,
    scope,
    principal,
    differs,
    detail,
  })),
  nearDenials: nearDenials.map(({ denial: { id, principalKey, sessionName: session }, differs, detail }) => ({
    denialId: id,
    subject: principalKey,
    sessionName: session,
    differs,
    detail,
  })),
});

export const explainRoute = defineRoute({
  id: 'explain',
  method: 'POST',
  path: '/v1/explain',
  tag: 'questions',
  summary: 'What a review would answer to a caller, and why: every entry that matched, and near misses.',
  who: 'reader',
  params: noParams,
  query: noQuery,
  body: explainInput,
  answers: { 200: explainAnswer },
  handle: async ({ body }, { store, clock }) => {
    const state = await readOrThrow(store.read('cluster', { id: body.clusterId }));
    if (state.state !== 'live') throw noSuchCluster(body.clusterId);
    const caller = callerFromArn(body.arn, body);
    if (caller === undefined) throw invalidInput([{ path: 'arn', message: arnRule }]);
    const explanation = await explain(store, caller, state.stored, clock());
    const about = { clusterId: body.clusterId, canonicalArn: caller.canonicalArn };
    return { status: 200, body: { ...about, ...toAnswer(explanation) } };
  },
});
