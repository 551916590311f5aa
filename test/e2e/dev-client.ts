/** Clients of `countersign dev` for end-to-end tests: the shell of a user, the command line, an apiserver. */
import { execFileSync } from 'node:child_process';
import { script, type Ready } from './dev-process.ts';

export interface Review {
  readonly status: { authenticated: boolean; error?: string; user?: { username: string; groups: string[] } };
}

/** Runs shell lines after the exported variables and functions of the printed instructions. `home`: a scratch folder. */
export const sh = (dev: Ready, home: string, lines: string): string =>
  execFileSync(
    'bash',
    [
      '-euc',
      `${dev.paste
        .split('\n')
        .filter((line) => /^(?:export|unset|review\(\))/.test(line))
        .join('\n')}\n${lines}`,
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: home, HOME: home },
    },
  );

/** Sends a token to a review, with the demo's webhook token of the cluster. */
export const review = async (dev: Ready, clusterId: string, token: string): Promise<Review> => {
  const webhookToken = clusterId === 'demo' ? 'demo-webhook-token' : `demo-webhook-token-of-${clusterId}`;
  const response = await fetch(`${dev.url}/v1/clusters/${clusterId}/tokenreviews`, {
    method: 'POST',
    headers: { authorization: `Bearer ${webhookToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
  });
  return (await response.json()) as Review;
};

/** A token of a user of the demo, by the command line. `home`: a scratch folder. */
export const tokenOf = (dev: Ready, home: string, user: string, clusterId: string): string =>
  execFileSync(process.execPath, [script, 'token', '-i', clusterId, '--token-only', '--no-cache'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: home,
      XDG_CACHE_HOME: home,
      AWS_ENDPOINT_URL: dev.awsUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: `AKIADEMO${user.toUpperCase()}`.padEnd(19, '0').concat('1'),
      AWS_SECRET_ACCESS_KEY: `demo-secret-${user}`,
    },
  }).trim();
