/** The lines to paste in a second terminal: a POSIX shell, Node.js and curl. */
import { relative } from 'node:path';
import { shellWord } from '../../lib/shell-word.ts';
import type { Fixture } from '../fixture/read.ts';
import { activeKey, findRole, findStranger, region, type Login } from './login.ts';

export interface Addresses {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Of the stand-ins for STS and IAM. */
  readonly awsUrl: string;
  /** The script that this process runs. */
  readonly script: string;
  /** The working directory of the second terminal. */
  readonly directory: string;
}

/** The command that calls `script` from `directory`, with only Node.js on the path. */
export function cliCommand({ script, directory }: Pick<Addresses, 'script' | 'directory'>): string {
  const near = relative(directory, script);
  const path = near.startsWith('..') || near === '' ? script : near;
  return `node ${shellWord(path.replaceAll('\\', '/'))}`;
}

/** Returns the lines in order, with comments. */
export function instructions(fixture: Fixture, login: Login, addresses: Addresses): string[] {
  const { url, awsUrl } = addresses;
  const { clusterId, webhookToken, user, key } = login;
  const cli = cliCommand(addresses);
  const token = `${cli} token -i ${clusterId}`;
  const role = findRole(fixture, login);
  const stranger = findStranger(fixture);
  const strangerKey = stranger === undefined ? undefined : activeKey(stranger);
  const review = String.raw`review() { curl -sS ${url}/v1/clusters/${clusterId}/tokenreviews -H 'Authorization: Bearer ${webhookToken}' -H 'Content-Type: application/json' -d "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{\"token\":\"$1\"}}"; echo; }`;
  return [
    '# Paste in a second terminal, in this folder. Your credentials, and the endpoints of AWS and Countersign:',
    `export AWS_ENDPOINT_URL=${awsUrl}`,
    `export AWS_ACCESS_KEY_ID=${key.id} AWS_SECRET_ACCESS_KEY=${shellWord(key.secret)} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    `export COUNTERSIGN_ENDPOINT=${url}`,
    '# The request of an apiserver:',
    review,
    `# ${user.name}:`,
    `review "$(${token} --token-only)"`,
    ...(role === undefined
      ? []
      : [`# ${user.name} as the role ${role.name}:`, `review "$(${token} -r ${role.arn} --token-only)"`]),
    ...(stranger === undefined || strangerKey === undefined
      ? []
      : [
          `# ${stranger.name}, who has no mapping:`,
          `review "$(AWS_ACCESS_KEY_ID=${strangerKey.id} AWS_SECRET_ACCESS_KEY=${shellWord(strangerKey.secret)} ${token} --token-only)"`,
        ]),
    '# The exec plugin of kubectl:',
    token,
    '# The access list of the cluster, as an admin sees it:',
    `${cli} access -i ${clusterId}`,
    '# aws eks get-token works too, if it signs for AWS and not for AWS_ENDPOINT_URL:',
    `# AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true aws eks get-token --cluster-name ${clusterId}`,
  ];
}

/** The same for `--sts aws`, with the credentials of AWS. */
export const instructionsForAws = ({ url, ...addresses }: Omit<Addresses, 'awsUrl'>): string[] => [
  '# Paste in a second terminal, in this folder, with credentials of AWS:',
  `export COUNTERSIGN_ENDPOINT=${url}`,
  `${cliCommand(addresses)} clusters list`,
];
