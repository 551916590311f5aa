/** The login that `countersign dev` tries before it reports that it is ready: a real token through the real server. */
import * as v from 'valibot';
import type { Instant } from '../../lib/errors.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { AccessKey, Role, User } from '../stand-ins/service/accounts.ts';
import type { Fixture } from '../fixture/read.ts';

/** A user of the fixture who should be able to enter a cluster of the fixture. */
export interface Login {
  readonly clusterId: string;
  readonly webhookToken: string;
  readonly user: User;
  readonly key: AccessKey;
}

export const region = 'us-east-1';

export const activeKey = (user: User): AccessKey | undefined => user.keys.find(({ inactive }) => !inactive);

/** Finds the first mapping of a user with a key, on a cluster with a webhook token. */
export function findLogin({ clusters, mappings, accounts }: Fixture): Login | undefined {
  for (const { id: clusterId, webhookTokens } of clusters) {
    const [webhookToken] = webhookTokens;
    if (webhookToken === undefined) continue;
    for (const { scope, principal } of mappings) {
      const user = accounts.users.find(({ arn }) => arn === principal.arn);
      const key = user === undefined ? undefined : activeKey(user);
      if (scope !== `cluster/${clusterId}` || user === undefined || key === undefined) continue;
      return { clusterId, webhookToken, user, key };
    }
  }
  return undefined;
}

/** Finds a role with a mapping on the login's cluster that the login's user may assume without external id or MFA. */
export function findRole({ mappings, accounts }: Fixture, { clusterId, user }: Login): Role | undefined {
  const mapped = mappings.filter(({ scope }) => scope === `cluster/${clusterId}`);
  return accounts.roles.find(
    ({ arn, trust, externalId, requireMfa }) =>
      trust.includes(user.arn) &&
      externalId === undefined &&
      !requireMfa &&
      mapped.some(({ principal }) => principal.arn === arn),
  );
}

/** Finds a user with a key and without a mapping. */
export const findStranger = ({ mappings, accounts }: Fixture): User | undefined =>
  accounts.users.find(
    (user) => activeKey(user) !== undefined && !mappings.some(({ principal }) => principal.arn === user.arn),
  );

const answerSchema = v.object({
  status: v.object({
    authenticated: v.optional(v.boolean()),
    error: v.optional(v.string()),
    user: v.optional(v.object({ username: v.string(), groups: v.optional(v.array(v.string())) })),
  }),
});

/** Logs in, and returns the outcome in one line. */
export async function tryLogin(url: string, login: Login, now: Instant): Promise<string> {
  const { clusterId, webhookToken, user, key } = login;
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const { token } = generateToken({ clusterId, region, credentials, now });
  const response = await fetch(`${url}/v1/clusters/${clusterId}/tokenreviews`, {
    method: 'POST',
    headers: { authorization: `Bearer ${webhookToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
  });
  const answer = v.safeParse(answerSchema, await response.json());
  const status = answer.success ? answer.output.status : undefined;
  if (status?.user !== undefined && status.authenticated === true) {
    const { username, groups = [] } = status.user;
    return `${user.name} enters ${clusterId} as ${username}, groups ${groups.join(', ')}`;
  }
  return `${user.name} does not enter ${clusterId}: ${status?.error ?? `HTTP status ${response.status}`}`;
}
