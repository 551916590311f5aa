/** The login that `countersign dev` makes itself before it calls itself ready: a real token through the real server. */
import * as v from 'valibot';
import type { Instant } from '../../lib/errors.ts';
import { generateToken } from '../../lib/token/generate.ts';
import type { AccessKey, Role, User } from '../stand-ins/world.ts';
import type { Fixture } from '../fixture/read.ts';

/** Somebody of the fixture who should be able to enter a cluster of the fixture. */
export interface Login {
  readonly clusterId: string;
  readonly webhookToken: string;
  readonly user: User;
  readonly key: AccessKey;
}

export const region = 'us-east-1';

export const activeKey = (user: User): AccessKey | undefined => user.keys.find(({ inactive }) => !inactive);

/** The first mapping that names a user with a key, on a cluster with a webhook token. */
export function findLogin({ clusters, mappings, world }: Fixture): Login | undefined {
  for (const { id: clusterId, webhookTokens } of clusters) {
    const [webhookToken] = webhookTokens;
    if (webhookToken === undefined) continue;
    for (const { scope, principal } of mappings) {
      const user = world.users.find(({ arn }) => arn === principal.arn);
      const key = user === undefined ? undefined : activeKey(user);
      if (scope !== `cluster/${clusterId}` || user === undefined || key === undefined) continue;
      return { clusterId, webhookToken, user, key };
    }
  }
  return undefined;
}

/** A role mapped on the login's cluster, which the login's user may assume without more ado. */
export function findRole({ mappings, world }: Fixture, { clusterId, user }: Login): Role | undefined {
  const mapped = mappings.filter(({ scope }) => scope === `cluster/${clusterId}`);
  return world.roles.find(
    ({ arn, trust, externalId, requireMfa }) =>
      trust.includes(user.arn) &&
      externalId === undefined &&
      !requireMfa &&
      mapped.some(({ principal }) => principal.arn === arn),
  );
}

/** A user with a key whom no mapping names. */
export const findStranger = ({ mappings, world }: Fixture): User | undefined =>
  world.users.find(
    (user) => activeKey(user) !== undefined && !mappings.some(({ principal }) => principal.arn === user.arn),
  );

const answerSchema = v.object({
  status: v.object({
    authenticated: v.optional(v.boolean()),
    error: v.optional(v.string()),
    user: v.optional(v.object({ username: v.string(), groups: v.optional(v.array(v.string())) })),
  }),
});

/** Logs in, and says in one line how it went. */
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
